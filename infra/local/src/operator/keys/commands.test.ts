import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addPartnerCommands } from '../partners.ts';
import { addKeyCommands } from './commands.ts';

/** What a command line that cannot be carried out says; nothing is called. */
async function saidBy(...args: string[]): Promise<string> {
  const said: string[] = [];
  const program = new Command('punchcard');
  addKeyCommands(program);
  addPartnerCommands(program);
  const quiet = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => said.push(text), writeOut: (text) => said.push(text) });
    command.commands.forEach(quiet);
  };
  quiet(program);
  const ended = await program.parseAsync(args, { from: 'user' }).catch((error: unknown) => error);
  if (!(ended instanceof Error)) throw new Error('It was carried out.');
  return [...said, ended.message].join('\n');
}

const create = (...args: string[]) => ['keys', 'create', '--name', 'x', ...args];
const full = (...args: string[]) => create('--partner', 'bean', '--preset', 'full', ...args);

describe('a command line that cannot be carried out is told why', () => {
  const before = process.env;
  beforeEach(() => {
    process.env = { ...before, PUNCHCARD_URL: 'http://127.0.0.1:1', PUNCHCARD_ADMIN_KEY: 'rl_admin_x' };
  });
  afterEach(() => {
    process.env = before;
  });

  it.each([
    ['no partner', create('--preset', 'full'), '--partner'],
    ['no rights', create('--partner', 'bean'), '--preset or --scope'],
    ['a preset that is none', create('--partner', 'bean', '--preset', 'cashier'), 'point_of_sale'],
    ['a scope that is none', create('--partner', 'bean', '--scope', 'read', 'write:keys'), 'write:clubs'],
    ['preset and scope', full('--scope', 'read'), 'cannot be used'],
    ['a time that is none', full('--expires-in', 'soon'), '90d'],
    ['two ends', full('--expires-in', '9d', '--expires-at', '2099-01-01T00:00:00Z'), 'cannot be used'],
    ['half a call a minute', full('--rate-limit', '0.5'), 'whole number'],
    ['what is no key', ['keys', 'revoke', 'till-3'], 'rl_agent_'],
    ['the key of a member', ['keys', 'revoke', 'rl_member_a8f3k2m1'], 'by its id'],
    ['nobody’s keys', ['keys', 'list'], '--partner <slug|id>, or --admin'],
    ['a state that is none', ['keys', 'list', '--admin', '--status', 'old'], 'expiring'],
    ['an unknown command', ['keys', 'crate'], 'Did you mean create'],
    ['an address that is none', ['partners', 'list', '--url', 'staging'], 'not an address'],
  ])('%s', async (_, args, words) => {
    expect(await saidBy(...args)).toContain(words);
  });

  it('no admin key, though the stack here may have one: it is for that alone', async () => {
    delete process.env['PUNCHCARD_ADMIN_KEY'];

    expect(await saidBy('partners', 'list')).toContain('Set PUNCHCARD_ADMIN_KEY');
  });

  it('help shows every command with examples', async () => {
    const help = await saidBy('keys', '--help');

    for (const word of ['create', 'list', 'rotate', 'revoke', 'create-admin', 'PUNCHCARD_ADMIN_KEY', '--overlap 24h']) {
      expect(help).toContain(word);
    }
  });
});
