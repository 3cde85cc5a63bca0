import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { health, purchase } from '@punchcard/contracts';
import { dataOf, eventually, givenMember, givenPartner, givenProgramme, running } from './given.ts';
import type { Span } from './span-receiver.ts';

describe('one purchase', () => {
  it('is one trace: gateway, ledger, its SQL, the outbox, Kafka, analytics', async () => {
    const { agent, slug } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const traceId = randomBytes(16).toString('hex');
    const parentId = randomBytes(8).toString('hex');

    // Its key is as good as new: a gateway asks `partners` for one that is a while old, on the way.
    await dataOf(agent(health));
    const headers = { traceparent: `00-${traceId}-${parentId}-01` };
    const body = { card_id: card.id, member_identifier: member.id, purchase_amount: 24.5 };
    await dataOf(agent(purchase, { body, headers }));

    const all = ['gateway 2', 'gateway 3', 'ledger 2', 'ledger 3', 'ledger 4', 'analytics 5', 'analytics 3'];
    // Each service tells of its spans when it likes.
    const spans = await eventually('the spans of all', async () => {
      const found = (await (await fetch(`${running().spansUrl}/spans/${traceId}`)).json()) as Span[];
      const seen = new Set(found.map(({ service, kind }) => `${service} ${kind}`));
      return all.every((shape) => seen.has(shape)) && orphansOf(found, parentId).length === 0 && found;
    });
    const shapes = spans.map(({ service, kind }) => `${service} ${kind}`);
    expect(new Set(shapes)).toEqual(
      new Set([
        ...all,
        // They read the ledger's topic too, some sooner and some later than analytics.
        ...shapes.filter((shape) => /^(catalog|members) /.test(shape)),
        ...shapes.filter((shape) => shape.endsWith(' 1')),
      ]),
    );
  });
});

/** Those whose parent nobody has told of. */
function orphansOf(spans: readonly Span[], rootId: string): Span[] {
  const ids = new Set([rootId, ...spans.map(({ spanId }) => spanId)]);
  return spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
}
