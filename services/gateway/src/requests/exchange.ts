import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '@punchcard/contracts';
import { dialectOf } from '@punchcard/service-kit';
import type { Tier } from '../access/subject-rules.ts';
import type { KnownKey } from '../keys/known-key.ts';
import type { LimitState } from '../limits/admission.ts';
import type { Route } from './route.ts';

/** What an exchange is made of. `route` is null for a path or method that is not in the table. */
export interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  route: Route | null;
  id: string;
  address: string;
  isContinueExpected: boolean;
}

/** What is noted of an exchange when it is over. */
export type Observed = Pick<
  Exchange,
  'path' | 'route' | 'id' | 'address' | 'known' | 'shownPartners' | 'code' | 'cause' | 'startedAt'
> & {
  request: Pick<IncomingMessage, 'method' | 'headers'>;
  response: Pick<ServerResponse, 'statusCode' | 'writableFinished'>;
};

/** One request on its way through the gateway, from its head until its answer ended or its client left. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly route: Route | null;
  readonly dialect: 'agent' | 'partner';
  /** The request id. */
  readonly id: string;
  /** Of the client. */
  readonly address: string;
  readonly startedAt = performance.now();
  /** `Expect: 100-continue`: the client sends the body only when asked to. */
  isContinueExpected: boolean;
  /** Set once the caller is authenticated. */
  known: KnownKey | null = null;
  /** Whose rows the answer shows, besides the caller's own. */
  shownPartners: readonly string[] = [];
  tier: Tier = 'public';
  /** What the headers of the answer tell; set by whatever counted or looked. */
  limits: LimitState | null = null;
  /** Gives back the slot. */
  release: (() => void) | null = null;
  /** Stops what is under way at a service. */
  abort: (() => void) | null = null;
  /** Of the refusal, when it is one of ours. */
  code: ErrorCode | null = null;
  cause: unknown = undefined;
  isClosed = false;

  constructor({ request, response, path, route, id, address, isContinueExpected }: Arrival) {
    this.request = request;
    this.response = response;
    this.path = path;
    this.route = route;
    this.dialect = route?.dialect ?? (dialectOf(path) === 'partner' ? 'partner' : 'agent');
    this.id = id;
    this.address = address;
    this.isContinueExpected = isContinueExpected;
  }
}
