import type { Command } from 'commander';

/** kafkajs 2.2.4 sets a timer with a negative delay, about which Node 24 warns; it is harmless and not ours. */
const muteKnownWarning = (): void => {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') console.error(`${warning.name}: ${warning.message}`);
  });
};

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  ${messageOf(error.cause)}`;
};

/** Runs a command line; what goes wrong is one message and exit code 1. DEBUG=1 shows where it came from. */
export const runCommand = async (program: Command): Promise<void> => {
  muteKnownWarning();
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(process.env['DEBUG'] ? error : `\n${messageOf(error)}`);
    process.exitCode = 1;
  }
  // Connections that a step left open must not keep a command that has ended.
  process.exit();
};
