import { envelope, type Envelope } from '@punchcard/contracts';
import type { UnsentRow } from './platform-outbox.ts';

/** Of a CloudEvent in structured JSON. */
export const CONTENT_TYPE = 'application/cloudevents+json; charset=UTF-8';

const SOURCE = 'punchcard/';

/** The CloudEvent of an outbox row. `traceparent`: of the span that sends it. */
export function encode(row: UnsentRow, source: string, traceparent: string | null): string {
  const head = JSON.stringify({
    specversion: '1.0',
    id: row.eventId,
    source: SOURCE + source,
    type: row.type,
    time: row.time.toISOString(),
    ...(row.subject === null ? {} : { subject: row.subject }),
    datacontenttype: 'application/json',
    partnerid: row.partnerId,
    sequence: row.sequence,
    ...(traceparent === null ? {} : { traceparent }),
  });
  // The data is JSON text already, as the database keeps it.
  return `${head.slice(0, -1)},"data":${row.data}}`;
}

/** Parses a message up to its data. Throws what makes it poison: no JSON, no CloudEvent of ours. */
export function decode(value: Buffer | null): Envelope {
  if (value === null) throw new SyntaxError('The message has no value.');
  // What `data` holds is checked by the event's own schema.
  return envelope.parse(JSON.parse(value.toString('utf8'))) as Envelope;
}

/** `punchcard/catalog` > `catalog`, the name under which marks know it. */
export const serviceOf = ({ source }: Pick<Envelope, 'source'>): string =>
  source.startsWith(SOURCE) ? source.slice(SOURCE.length) : source;
