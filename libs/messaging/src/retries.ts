/**
 * Every wait, bound and retry of messaging. Principle: kafkajs tries for a few seconds, then we take over with a new client
 * and try for ever; so an outage of any length ends within about a second of the broker's return, and nothing is stuck in
 * a retry loop that nobody sees.
 */

export const client = {
  connectionTimeout: 3_000,
  /** A broker that accepts and does not answer (stopped process, full disk) is given up after this. */
  requestTimeout: 10_000,
  /** About 5 s in all. The default waits up to 30 s between two tries, and so comes back long after the broker. */
  retry: { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 8 },
} as const;

export const relay = {
  /** Rows of one round. Twice and four times as many made no difference beyond the noise. */
  batchRows: 500,
  /**
   * From the beginning of a round to the next, unless rows were left. The first row after a pause goes at once; in a stream of them each
   * waits for company, since a round costs some 2 ms of CPU here, in the database and in the broker, whatever it sends.
   */
  roundMs: 40,
  /** A record batch of the broker ends at 1 MiB by default, envelope and headers included. */
  batchBytes: 512 * 1024,
  /** How late an event is that nobody nudged for; one query on a partial index. */
  pollMs: 100,
  /** How often a standby asks for the lock: the gap when the active relay dies. */
  lockEveryMs: 500,
  backOffMs: { first: 100, max: 1_000 },
  measureEveryMs: 5_000,
  /** How long `onSent` may hold up the marking of rows; it is repeated until it succeeds all the same. */
  hookMs: 1_000,
  /** How long `stop` waits for an acknowledgement, or a connection. Without it the rows are sent again by the next relay. */
  graceMs: 1_000,
  keepSentDays: 7,
  /** Contract 1.5. */
  keepKeysDays: 30,
} as const;

export const consumer = {
  /** The broker's lower bound: after a crash (kill -9) the partitions are stuck until the dead member's session has ended. */
  sessionTimeout: 6_000,
  heartbeatInterval: 1_000,
  rebalanceTimeout: 15_000,
  /** Bounds how long `stop` waits for a fetch and how late a seek acts. New messages end it at once. */
  maxWaitTimeInMs: 500,
  /** Events of one transaction: its fixed cost is spread thin by then, and a lock is not held for long. */
  maxBatch: 500,
  /**
   * While facts keep coming they are applied so often at most; the first after a quiet while at once. Measured at 450 purchases a
   * second with 20 ms and with 60 (and rounds of 20 and 40), CPU a purchase: analytics 0.36 ms and 0.21, members 0.25 and 0.12, catalog
   * 0.19 and 0.09, the broker 0.52 and 0.37.
   */
  gatherFactsMs: 60,
  /** A handler that throws what is neither an outage nor poison may have met a race: tried again, then dead-lettered. */
  attempts: 4,
  backOffMs: { first: 50, max: 1_000 },
  /** Without a sign of life for so long, kafkajs has stopped silently (tulios/kafkajs#659): a new client is made. */
  silentMs: 45_000,
  restartMs: { first: 200, max: 2_000 },
  stopMs: 10_000,
  /** A join may be under way because Kafka is away; it ends by itself. */
  stopWhileJoiningMs: 1_000,
  commitEveryMs: 5_000,
  measureEveryMs: 5_000,
  keepInboxDays: 35,
} as const;

export const copies = {
  /** Default of `copiesWaitMs`. */
  waitMs: 1_000,
  /** How often the database is asked for what another instance applied, while somebody waits. */
  pollMs: 20,
  /** End offsets are looked up at most this often, whatever the number of misses. */
  lookUpEveryMs: 50,
} as const;

export const sweepEveryMs = 3_600_000;

/** The waits of a loop that goes on for ever: doubles up to `max`, `reset` after a success. */
export function createBackOff({ first, max }: { first: number; max: number }) {
  let next = first;
  return {
    next: (): number => {
      const now = next;
      next = Math.min(next * 2, max);
      return now;
    },
    reset: (): void => {
      next = first;
    },
  };
}
