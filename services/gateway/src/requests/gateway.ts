import type { KeyRecord } from '@punchcard/contracts';
import type { CallerSecret } from '@punchcard/service-kit';
import type { LimitSettings } from '../access/subject-rules.ts';
import type { AccessSettings } from '../access/rules.ts';
import type { KeyRecords } from '../keys/key-records.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Marks } from '../marks/marks.ts';
import type { Upstreams } from '../proxying/upstreams.ts';
import type { Exchange, Observed } from './exchange.ts';
import type { Route } from './route.ts';

/** All that serving a request needs. */
export interface Gateway {
  routes: readonly Route[];
  access: AccessSettings;
  limits: LimitSettings;
  keyPepper: string;
  callerSecrets: readonly CallerSecret[];
  keys: KeyRecords;
  limiter: Limiter;
  marks: Marks;
  upstreams: Upstreams;
  /** Endpoints that the gateway owns, by id. They get the query as their schema reads it. */
  ownAnswers: Readonly<Record<string, OwnAnswer>>;
  /** A key was good just now. */
  noteUse(record: KeyRecord): void;
  /** An exchange is over. */
  observe(exchange: Observed): void;
}

export type OwnAnswer = (exchange: Exchange, query: unknown) => unknown;
