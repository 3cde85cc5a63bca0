import type { ServiceName } from '@punchcard/contracts';
import { foldersFrom } from '../commands/options.ts';
import type { CommonOptions } from '../commands/options.ts';
import { runningFacts } from '../processes/supervisor.ts';
import { environmentOf } from '../stack/environment.ts';

/** The environment as a service has it: of the stack that runs here, and over it whatever the operator has set. */
export const operatorEnvironment = (service: ServiceName, options: CommonOptions): NodeJS.ProcessEnv => {
  const facts = runningFacts(foldersFrom(options));
  return { ...(facts && environmentOf(service, facts)), ...process.env };
};

/** The value of a variable that a command cannot do without. */
export const needed = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name];
  if (value) return value;
  throw new Error(`Punchcard does not run here, and ${name} is not set. Start it (npm start), or set ${name}.`);
};
