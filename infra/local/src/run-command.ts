import type { Command } from 'commander';

/** kafkajs 2.2.4 sets a timer with a negative delay, about which Node 24 warns; it is harmless and not ours. */
const muteKnownWarning = (): void => {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') console.error(`${warning.name}: ${warning.message}`);
  });
};

/** Runs a command line; what goes wrong is one message and exit code 1. DEBUG=1 shows where it came from. */
export const runCommand = async (program: Command): Promise<void> => {
  muteKnownWarning();
  try {
    await program.parseAsync();
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    console.error(`\n${process.env['DEBUG'] ? stack : message}`);
    process.exitCode = 1;
  }
  // Connections that a step left open must not keep a command that has ended.
  process.exit();
};
