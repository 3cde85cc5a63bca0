import { createLanes, type LaneLimits, type Sql } from '@punchcard/database';
import { named, type Order, type Outcome } from './batch-rules.ts';
import { noteBatch } from './metrics.ts';
import { redeemBatch, warmUp } from './redeem-batch.ts';

/** How vouchers are redeemed. */
export interface Redeeming {
  /** Throws a refusal, a `Miss` or `StandingNeeded`; nothing is changed then. */
  submit(order: Order): Promise<Outcome>;
  /** Plans every statement of a batch on every lane. */
  warmUp(): Promise<void>;
  /** Refuses what comes and finishes what waits. */
  close(): Promise<void>;
}

interface LaneOptions {
  /** Of its own, `byKeyOnly`, with a connection a lane. */
  sql: Sql;
  lanes: number;
  /** Is told after each batch that its announcements can be sent. */
  onRedeemed: () => void;
  limits?: LaneLimits;
}

interface Queued {
  order: Order;
  since: number;
}

/** Lanes by partner and voucher: one voucher meets one lane of a process, and its lock only there. */
export function createRedeeming({ sql, lanes, onRedeemed, limits = {} }: LaneOptions): Redeeming {
  const queue = createLanes<Queued, Outcome>({
    lanes,
    laneOf: ({ order }) => named(order.partnerId, order.voucherId),
    limits,
    run: async (batch) => {
      noteBatch(batch);
      const outcomes = await redeemBatch(
        sql,
        batch.map(({ order }) => order),
      );
      onRedeemed();
      return outcomes;
    },
  });
  return {
    submit: (order) => queue.submit({ order, since: performance.now() }),
    warmUp: () => warmUp(sql, lanes),
    close: () => queue.close(),
  };
}
