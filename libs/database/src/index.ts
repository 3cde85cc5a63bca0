export {
  checkDatabase,
  connect,
  poolStats,
  type ConnectOptions,
  type Db,
  type Reserved,
  type Sql,
  type Statement,
  type Tx,
} from './connect.ts';
export { containing } from './containing.ts';
export { isConnectionLost, isTimeout, isUniqueViolation, wasRolledBack } from './failures.ts';
export { findAllKept, findKept, idempotent, type Kept, type KeptUnder, type Outcome, type Work } from './idempotent.ts';
export { inSnapshot } from './in-snapshot.ts';
export { createLanes, type LaneLimits, type Lanes, type LanesOptions, type RunBatch } from './lanes.ts';
export { migrate, sharedMigrations, systemTables } from './migrate.ts';
export { paginate, type Page } from './page.ts';
export { sweepIdempotencyKeys } from './platform-idempotency.ts';
export type { PoolStats } from './pool.ts';
export { inBatch } from './transaction.ts';
