import { Miss } from '@punchcard/contracts';
import { createLanes, type LaneLimits, type Sql } from '@punchcard/database';
import { createSurely, type Copies } from '@punchcard/messaging';
import { bookBatch } from './book-batch.ts';
import { noteBatch, noteOutcome } from './metrics.ts';
import type { Command, Outcome, OutcomeOf } from './rules.ts';
import { warmUp } from './warm-up.ts';

/** How anything gets into the ledger. */
export interface Booking {
  /** Books a command, and is sure that what is missing is not just on its way here. */
  submit<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** The same by what is known here now, for callers that have waited for the copies themselves. */
  submitAsKnown<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** Plans every statement of a batch on every lane; the first real one would take 50 ms. */
  warmUp(): Promise<void>;
  /** Refuses what comes and finishes what waits. */
  close(): Promise<void>;
  waiting(): number;
}

interface BookingOptions {
  /** Of its own, `byKeyOnly`, with a connection a lane. */
  sql: Sql;
  lanes: number;
  copies: Pick<Copies, 'caughtUp'>;
  /** Is told after each batch that its announcements can be sent. */
  onBooked?: () => void;
  limits?: LaneLimits;
}

interface Queued {
  command: Command;
  since: number;
}

/** Lanes by partner and member as they are named: one member mostly meets one lane, and its locks only there. */
const laneOf = ({ command: { partnerId, candidates } }: Queued): string =>
  `${partnerId} ${candidates[0]?.identifier ?? ''}`;

export function createBooking({ sql, lanes, copies, onBooked, limits = {} }: BookingOptions): Booking {
  const queue = createLanes<Queued, Outcome>({
    lanes,
    laneOf,
    limits,
    run: async (batch) => {
      noteBatch(batch);
      const outcomes = await bookBatch(
        sql,
        batch.map(({ command }) => command),
      );
      onBooked?.();
      return outcomes;
    },
  });
  const enqueue = (command: Command) => queue.submit({ command, since: performance.now() });

  const known = async (command: Command): Promise<Outcome> => {
    try {
      return await enqueue(command);
    } catch (error) {
      throw error instanceof Miss ? error.refusal : error;
    }
  };

  return {
    submit: (async (command: Command) => {
      try {
        const outcome = await surely(() => enqueue(command), copies);
        noteOutcome(command, outcome);
        return outcome;
      } catch (error) {
        noteOutcome(command, error);
        throw error;
      }
    }) as Booking['submit'],
    submitAsKnown: known as Booking['submitAsKnown'],
    warmUp: () => warmUp(sql, lanes),
    close: () => queue.close(),
    waiting: () => queue.waiting(),
  };
}

export const surely = createSurely('ledger');
