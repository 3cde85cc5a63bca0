import type { z } from 'zod';
import type { Permission, Scope } from './access.ts';
import type { Caller, IdempotencyKey, Marks } from './caller.ts';
import type { ErrorCode } from './errors.ts';
import type { Feature } from './features.ts';
import type { Plan } from './plans.ts';

export type ServiceName =
  'gateway' | 'partners' | 'catalog' | 'members' | 'ledger' | 'analytics' | 'staff' | 'vouchers';

/** Services that keep rows of their own; the gateway has none. */
export type DomainService = Exclude<ServiceName, 'gateway'>;

/** `internal` endpoints are called by services only, and never routed by the gateway. */
export type Dialect = 'agent' | 'partner' | 'internal';

/** Which limits count a call without a key (contract 1.4). */
export type PublicLimit = 'join' | 'login' | 'docs';

export interface OtherAnswer {
  description: string;
  answer?: z.ZodType;
  example?: unknown;
  /** Default: JSON. */
  media?: readonly string[];
}

export interface Endpoint {
  /** `<dialect>.<things>.<verb>` */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for parameters; a literal segment wins over a parameter. */
  path: `/${string}`;
  dialect: Dialect;
  owner: ServiceName;
  /** Agent API: whose keys may call. `any` = every key, `public` = no key. Partner API: `any` or `public`. */
  role: 'partner' | 'member' | 'admin' | 'any' | 'public' | 'system';
  /** Agent API: any one of them is enough. Empty = none needed. */
  scopes?: readonly Scope[];
  /** Partner API: the one that is needed. */
  permission?: Permission;
  plan?: Plan;
  /** One that must be open, or several that all must be. */
  feature?: Feature | readonly Feature[];
  publicLimit?: PublicLimit;
  success: 200 | 201 | 202;
  /** Other statuses that a handler may answer with: 2xx, and for a page also 304 and refusals that are pages themselves. */
  also?: readonly number[];
  /** Takes `Idempotency-Key`. */
  idempotent: boolean;
  /**
   * The endpoint that foretells its answer and changes nothing, with what its body says beside the same fields. An agent asks for
   * it with `dry_run`; the checks are those of this one.
   */
  dryRun?: { id: string; body?: Readonly<Record<string, unknown>> };
  /**
   * Fields of the body that are known to nobody but the caller, as `owner.password`. They are no part of what a repeat is
   * recognised by: its hash is kept for weeks, and a hash of little else than a password would give the password away.
   */
  secretFields?: readonly string[];
  /** Maximum body, default 1 MiB. */
  maxBodyBytes?: number;
  /** What is not found when a path id has a bad form; default NOT_FOUND with `resource`. */
  missing?: { code: ErrorCode; resource: string; idName: string };
  /** The answer is a list with pages. */
  paged?: boolean;
  /** The whole body is as `answer` says, without the envelope of the dialect. */
  bare?: boolean;
  /** What the answer is, when it is not JSON; then it is `bare`. */
  produces?: 'text/html';
  /** What it answers as well, to who asks for it with `Accept`; refusals stay JSON. */
  alsoProduces?: 'text/csv';
  /** Answers of another form than all others have, by status; without a schema there is no body. For the OpenAPI document. */
  otherAnswers?: Readonly<Record<number, OtherAnswer>>;
  /** The key may also come as `Authorization: Bearer`. */
  bearer?: boolean;
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  example: { params?: unknown; query?: unknown; body?: unknown; answer: unknown };
}

/** Declares an endpoint; the literals survive, everything else is derived from them. */
export const defineEndpoint = <const E extends Endpoint>(endpoint: E): E => endpoint;

type Parsed<S> = S extends z.ZodType ? z.output<S> : Readonly<Record<string, never>>;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;
type Part<E extends Endpoint, K extends 'params' | 'query' | 'body'> = E extends Record<K, infer S> ? S : undefined;

/** What a handler gets: input parsed by the endpoint's schemas, and who calls. */
export interface Call<E extends Endpoint = Endpoint> {
  params: Parsed<Part<E, 'params'>>;
  query: Parsed<Part<E, 'query'>>;
  body: Parsed<Part<E, 'body'>>;
  caller: Caller;
  idempotency: IdempotencyKey | null;
  requestHash: string;
  requestId: string;
  /** The instant of the request; rules and statements take it from here. */
  now: Date;
  marks: Marks;
  /** The value of `Accept-Language`, or null. */
  language: string | null;
  /** Partner API: the one shop that `X-Shop-ID` narrows the call to, or null for all that the caller sees. */
  shopId: string | null;
  /** What the caller wants of what the endpoint can answer. */
  media: 'application/json' | NonNullable<Endpoint['alsoProduces']>;
}

/** What a client sends: the endpoint's schemas before parsing. */
export interface Request<E extends Endpoint> {
  params?: Sent<Part<E, 'params'>>;
  query?: Sent<Part<E, 'query'>>;
  body?: Sent<Part<E, 'body'>>;
}

/** The `data` of an endpoint's answer, as it goes over the wire. */
export type Answer<E extends Endpoint> = z.input<E['answer']>;

export interface Pagination {
  page: number;
  perPage: number;
  total: number;
}

/** An answer with more than its data. Made by `reply`. */
export interface Reply<T> {
  readonly kind: 'reply';
  readonly data: T;
  readonly status?: number | undefined;
  readonly replayed?: boolean | undefined;
  readonly pagination?: Pagination | undefined;
  /** The sequence that this write got; travels as a mark so that the caller reads it back at once. */
  readonly mark?: number | undefined;
  /** Such as `location`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer whose status, page or mark matters; plain data is enough otherwise. */
export const reply = <T>(data: T, rest: Omit<Reply<T>, 'kind' | 'data'> = {}): Reply<T> => ({
  ...rest,
  kind: 'reply',
  data,
});

/** A body that is sent as it is made, for media that are no JSON. Made by `streamed`. */
export interface Streamed {
  readonly kind: 'stream';
  readonly type: NonNullable<Endpoint['alsoProduces']>;
  /** Under which a browser saves it: the answer is an attachment. */
  readonly fileName: string;
  readonly body: AsyncIterable<string | Uint8Array>;
}

/** The answer of an endpoint that `alsoProduces` this. What can be refused is refused before it is made. */
export const streamed = (parts: Omit<Streamed, 'kind'>): Streamed => ({ ...parts, kind: 'stream' });

type MayStream<E extends Endpoint> = E extends { alsoProduces: string } ? Streamed : never;

/** One handler per endpoint: a missing one, or one too many, does not compile. */
export type Handlers<E extends Endpoint> = {
  [K in E as K['id']]: (call: Call<K>) => Promise<Answer<K> | Reply<Answer<K>> | MayStream<K>>;
};
