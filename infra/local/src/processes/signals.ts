const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const repeatMs = 2_000;

/** Resolves with the first signal that asks this process to end. */
export const askedToStop = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    let first: number | undefined;
    // Listening for signals alone does not keep a process.
    const stay = setInterval(() => undefined, 60_000);
    const onSignal = (signal: NodeJS.Signals) => {
      if (first === undefined) {
        first = performance.now();
        clearInterval(stay);
        resolve(signal);
        return;
      }
      // npm passes on the Ctrl-C that the terminal has sent to us as well: only a later one is a person who will not wait.
      if (performance.now() - first > repeatMs) process.exit(130);
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
