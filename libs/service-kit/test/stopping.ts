/** What `run-until-signal.int.test.ts` starts: a process that stops well, or badly in the way that its argument says. */
import { createLog, runUntilSignal } from '../src/index.ts';

const how = process.argv[2];
const log = createLog('stopping');
const done = (step: string) => () => log.info({ step }, 'did');
const work = setInterval(() => undefined, 1_000);

const stopped = runUntilSignal(
  {
    first: done('first'),
    second:
      how === 'hangs' || how === 'is asked twice'
        ? () => new Promise(() => undefined)
        : () => {
            if (how === 'fails') throw new Error('cannot');
          },
    third: done('third'),
    work: () => (how === 'leaks' ? undefined : clearInterval(work)),
  },
  { log, boundMs: how === 'is asked twice' ? 10_000 : 600 },
);
log.info('up');
await stopped;
