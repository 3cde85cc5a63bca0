import { z } from 'zod';
import type { DomainService } from './endpoint.ts';

/** Reference data: key = partner, kept for ever, each event the whole new state. Facts: key = member, 30 days. */
export type TopicKind = 'reference' | 'fact';

/** Topics by their name without the deployment's prefix. */
export const topics = {
  partners: { kind: 'reference' },
  catalog: { kind: 'reference' },
  members: { kind: 'reference' },
  staff: { kind: 'reference' },
  ledger: { kind: 'fact' },
  vouchers: { kind: 'fact' },
  audit: { kind: 'fact' },
} as const satisfies Readonly<Record<string, { kind: TopicKind }>>;

export type Topic = keyof typeof topics;

export interface EventType {
  /** `<owner>.<past_tense>.v<n>` */
  type: `${string}.${string}.v${number}`;
  owner: DomainService;
  topic: Topic;
  /** Names of Partner API 11.2 that it becomes. */
  publicNames: readonly string[];
  summary: string;
  data: z.ZodType;
  example: unknown;
}

/** Declares an event; the literals survive. Data is `z.object`: an unknown field is a newer producer. */
export const defineEvent = <const E extends EventType>(event: E): E => event;

export type EventData<E extends EventType> = z.output<E['data']>;

/** What a use case announces: topic, key and type come from the contract. */
export interface EventDraft<E extends EventType = EventType> {
  event: E;
  data: z.input<E['data']>;
  /** The partition key: the partner for reference data, the member for facts. */
  key: string;
}

/** CloudEvents 1.0, structured JSON, with our extensions. */
export const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string(),
  type: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  subject: z.string().optional(),
  partnerid: z.uuid(),
  sequence: z.int(),
  traceparent: z.string().optional(),
  data: z.unknown(),
});

export type Envelope<E extends EventType = EventType> = Omit<z.output<typeof envelope>, 'data' | 'type'> & {
  type: E['type'];
  data: EventData<E>;
};
