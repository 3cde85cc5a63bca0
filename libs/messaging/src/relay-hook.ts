import type { Log } from './log.ts';
import type { UnsentRow } from './platform-outbox.ts';
import type { SentEvent } from './relay.ts';
import { createBackOff, relay } from './retries.ts';
import { sleep, within } from './timing.ts';

export interface Hook {
  /**
   * Tells of rows and waits a moment, so that they are rarely marked before they were told of. It goes on telling when the
   * moment is over: an absence of what the hook needs must not hold up the outbox.
   */
  call(rows: readonly UnsentRow[]): Promise<void>;
}

// Of an absent Redis: what is told so late, caches have found out by their age.
const MAX_WAITING = 10_000;

interface HookOptions {
  onSent: ((events: readonly SentEvent[]) => Promise<void>) | undefined;
  log: Log;
  stopping: AbortSignal;
}

export function createHook({ onSent, log, stopping }: HookOptions): Hook {
  if (!onSent) return { call: () => Promise.resolve() };
  const waiting: SentEvent[] = [];
  let telling: Promise<void> | undefined;

  const tell = async () => {
    while (waiting.length > 0) await tellForSure(waiting.splice(0, relay.batchRows));
    telling = undefined;
  };

  const tellForSure = async (events: readonly SentEvent[]) => {
    const backOff = createBackOff(relay.backOffMs);
    // Tried once even while stopping: the rows are marked, so nobody else will ever tell of them.
    for (let failures = 0; failures === 0 || !stopping.aborted; failures += 1) {
      try {
        return await onSent(events);
      } catch (error) {
        if (failures === 0) log.warn({ err: error, events: events.length }, 'onSent failed; trying until it succeeds');
        await sleep(backOff.next(), stopping);
      }
    }
  };

  return {
    call: async (rows) => {
      waiting.push(...rows.map(toEvent));
      if (waiting.length > MAX_WAITING) waiting.splice(0, waiting.length - MAX_WAITING);
      telling ??= tell();
      await within(relay.hookMs, telling);
    },
  };
}

const toEvent = ({ id: _id, traceparent: _traceparent, data, ...row }: UnsentRow): SentEvent => ({
  ...row,
  data: JSON.parse(data) as unknown,
});
