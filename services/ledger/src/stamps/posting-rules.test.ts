import { describe, expect, it } from '@jest/globals';
import { AppError, Miss } from '@punchcard/contracts';
import fc from 'fast-check';
import { later, NOW } from '../../test/given-books.ts';
import { add, changed, givenStampBooks, handOut, stampCard } from '../../test/stamp-orders.ts';
import { book } from '../booking/batch-rules.ts';
import type { Books, Command } from '../booking/rules.ts';
import type { AddStampsAnswer, StampEvent } from './order-rules.ts';
import type { StampCard } from './rules.ts';

const stamp = (books: Books, ...args: Parameters<typeof add>) => book(books, add(...args)).data as AddStampsAnswer;

function refusalOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Miss) return { missing: error.topics, code: error.refusal.code };
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, ...error.details };
  }
}

describe('stamps', () => {
  it('expire each at its own instant: in force until it, gone at it', () => {
    const day = 86_400_000;
    const atFirst = givenStampBooks({ stampsExpireDays: 2 });
    stamp(atFirst, 1);
    const books = changed(atFirst, { stampsExpireDays: 1 });
    stamp(books, 2, { now: new Date(NOW.getTime() + 1) });

    const before = stamp(books, 1, { now: new Date(NOW.getTime() + day) });
    const at = stamp(books, 1, { now: new Date(NOW.getTime() + day + 1) });

    expect(before.current_stamps).toBe(4);
    expect(at.current_stamps).toBe(3);
    const expiry = eventsOf(books).find(({ kind }) => kind === 'expired');
    expect(expiry).toMatchObject({ stamps: -2, createdAt: new Date(NOW.getTime() + day + 1), eventId: null });
  });

  it('expire at the same time of the day, also across a change of the clocks', () => {
    const books = givenStampBooks({ stampsExpireDays: 30 });

    // The clocks of Vilnius go forward on 2026-03-29.
    expect(stamp(books, 1).next_expiry).toBe('2026-04-07T08:15:00.000Z');
  });

  it.each([
    { day: 'a day that is over', first: '2026-03-08T21:59:59.999Z', second: '2026-03-08T22:00:00.000Z', fits: true },
    { day: 'the same day', first: '2026-03-07T22:00:00.000Z', second: '2026-03-08T21:59:59.999Z', fits: false },
  ])('of $day count against the limit of their own day of the partner', ({ first, second, fits }) => {
    const books = givenStampBooks({ maxStampsPerDay: 2 });
    stamp(books, 2, { now: new Date(first) });

    const refusal = refusalOf(() => stamp(books, 1, { now: new Date(second) }));

    const refused = { code: 'STAMP_LIMIT_REACHED', limit_name: 'max_stamps_per_day', limit: 2, current: 2 };
    expect(refusal).toEqual(fits ? null : { ...refused, resets_at: '2026-03-08T22:00:00.000Z' });
  });

  it('are valid from the first instant to the one before the last', () => {
    const books = givenStampBooks({ validFrom: NOW, validUntil: later(1) });
    const inactive = { code: 'STAMP_CARD_INACTIVE', stamp_card_id: 'stamps' };

    expect(refusalOf(() => stamp(books, 1, { now: new Date(NOW.getTime() - 1) }))).toEqual(inactive);
    expect(refusalOf(() => stamp(books, 1))).toBeNull();
    expect(refusalOf(() => stamp(books, 1, { now: new Date(later(1).getTime() - 1) }))).toBeNull();
    expect(refusalOf(() => stamp(books, 1, { now: later(1) }))).toEqual(inactive);
  });

  it('are refused whole, with nothing changed, when the account cannot hold the points', () => {
    const books = givenStampBooks({ rewardPoints: 1_000_000, rewardCardId: 'card' });
    stamp(books, 4);
    const account = { ...books.accounts.get('partner member-0 card') };
    expect(account).toEqual({});
    stamp(books, 1);
    books.accounts.get('partner member-0 card')!.balance = 9_000_000_000_000_000;
    const before = JSON.stringify([...books.stamps.progresses.values()]);

    expect(refusalOf(() => stamp(books, 5))).toMatchObject({ code: 'TRANSACTION_LIMIT_EXCEEDED' });
    expect(JSON.stringify([...books.stamps.progresses.values()])).toBe(before);
  });

  it('are not given when the card of the points is gone, and wait for one that is on its way', () => {
    const gone = givenStampBooks({ rewardPoints: 5, rewardCardId: 'card' }, { card: { isGone: true } });
    const unknown = givenStampBooks({ rewardPoints: 5, rewardCardId: 'another' });

    expect(refusalOf(() => stamp(gone, 5))).toEqual({ code: 'CARD_INACTIVE', card_id: 'card' });
    expect(refusalOf(() => stamp(unknown, 5))).toEqual({ missing: ['catalog', 'partners'], code: 'NOT_FOUND' });
    expect(refusalOf(() => stamp(unknown, 4))).toBeNull();
  });

  it('wait for a stamp card and a member that are not known yet', () => {
    const books = givenStampBooks();

    expect(refusalOf(() => stamp(books, 1, { stampCardId: 'other' }))).toEqual({
      ...{ missing: ['catalog', 'partners'], code: 'NOT_FOUND' },
    });
    const candidates = [{ kind: 'id' as const, identifier: 'nobody' }];
    expect(refusalOf(() => stamp(books, 1, { candidates }))).toEqual({
      missing: ['members'],
      code: 'MEMBER_NOT_FOUND',
    });
    expect(refusalOf(() => book(changed(books, { isGone: true }), add(1)))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('come once for a reference in the same batch', () => {
    const books = givenStampBooks();
    const first = stamp(books, 2, { reference: 'r' });

    expect(stamp(books, 2, { reference: 'r' })).toEqual({ ...first, duplicate: true });
    expect(refusalOf(() => stamp(books, null, { reference: 'r' }))).toMatchObject({
      ...{ code: 'REFERENCE_CONFLICT', existing_id: first.stamp_event_id },
    });
    expect(refusalOf(() => book(books, handOut({ reference: 'r' })))).toMatchObject({ code: 'STAMP_CARD_INCOMPLETE' });
  });
});

const eventsOf = (books: Books): StampEvent[] => books.journal.facts.filter((fact) => fact.fact === 'stamps');

/** A stamp card as a person would describe it: stamp by stamp. */
function modelOf() {
  let card: { expiresAt: number }[] = [];
  let required: number | null = null;
  const held = { completed: 0, pending: 0, points: 0 };
  const dropDue = (at: number) => {
    card = card.filter(({ expiresAt }) => expiresAt > at);
    if (card.length === 0) required = null;
  };
  return {
    held,
    see: (at: number, terms: StampCard) => {
      dropDue(at);
      return { current: card.length, required: required ?? terms.stampsRequired, ...held };
    },
    add: (stamps: number, at: number, terms: StampCard) => {
      dropDue(at);
      for (let n = 0; n < stamps; n += 1) {
        required ??= terms.stampsRequired;
        card.push({ expiresAt: at + (terms.stampsExpireDays ?? Infinity) * 86_400_000 });
        if (card.length < required) continue;
        [card, required] = [[], null];
        held.completed += 1;
        if (terms.requiresPhysicalClaim) held.pending += 1;
        held.points += terms.rewardPoints ?? 0;
      }
    },
    handOut: () => {
      if (held.pending === 0) return false;
      held.pending -= 1;
      return true;
    },
  };
}

describe('any history of stamps', () => {
  // In January no clock changes, so a day has 24 hours in the model, too.
  const begin = Date.parse('2026-01-03T10:00:00.000Z');
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), stamps: fc.integer({ min: 1, max: 14 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('hand out' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        stampsRequired: fc.integer({ min: 2, max: 6 }),
        stampsExpireDays: fc.constantFrom(null, 1, 2),
        rewardPoints: fc.constantFrom(null, 7),
      }),
    },
  );
  const steps = fc.array(fc.tuple(step, fc.constantFrom(0, 3_600_000, 86_399_999, 86_400_000)), { maxLength: 40 });

  it('comes to what stamps put down one by one come to', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let books = givenStampBooks();
        let terms: StampCard = stampCard;
        const model = modelOf();
        let at = begin;
        for (const [{ do: what, ...rest }, passed] of history) {
          at += passed;
          const now = new Date(at);
          if (what === 'change') {
            const change = rest as Pick<StampCard, 'stampsRequired' | 'stampsExpireDays' | 'rewardPoints'>;
            terms = { ...terms, ...change, rewardCardId: 'card' };
            terms = { ...terms, requiresPhysicalClaim: terms.rewardPoints === null || terms.stampsRequired % 2 === 0 };
            books = changed(books, terms);
          } else if (what === 'add') {
            const { stamps } = rest as { stamps: number };
            const completed = model.held.completed;
            model.add(stamps, at, terms);
            const answer = stamp(books, stamps, { now });
            const { current, required, ...held } = model.see(at, terms);
            expect(answer).toMatchObject({
              ...{ current_stamps: current, stamps_required: required, completed_count: held.completed },
              ...{ pending_rewards: held.pending, completed: held.completed > completed },
            });
          } else {
            expect(refusalOf(() => book(books, handOut({ now }))) === null).toBe(model.handOut());
          }
          expectBooksToFollow(books, model.held);
        }
      }),
      { numRuns: 300 },
    );
  });

  function expectBooksToFollow(books: Books, held: { completed: number; pending: number; points: number }): void {
    const progress = [...books.stamps.progresses.values()][0];
    const events = eventsOf(books);
    const sum = (of: (event: StampEvent) => number) => events.reduce((total, event) => total + of(event), 0);
    expect(sum(({ stamps, used }) => stamps - used)).toBe(events.at(-1)?.stampsAfter ?? 0);
    expect(sum(({ completions }) => completions)).toBe(held.completed);
    expect(sum(({ rewards }) => rewards)).toBe(held.pending);
    expect(sum(({ points }) => points)).toBe(held.points);
    expect(books.accounts.get('partner member-0 card')?.balance ?? 0).toBe(held.points);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1));
    expect(progress?.seq ?? 0).toBe(events.length);
  }

  it('never gives more of a day than its limit, and refuses without a trace', () => {
    const orders = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(10)), { maxLength: 40 });
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 9 }), (history, limit) => {
        const books = givenStampBooks({ maxStampsPerDay: limit, stampsRequired: 50 });
        const given = new Map<string, number>();
        let at = begin;
        for (const [stamps, hours] of history) {
          at += hours * 3_600_000;
          const day = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Vilnius' }).format(at);
          const sofar = given.get(day) ?? 0;
          const before = eventsOf(books).length;
          const command: Command = add(stamps, { now: new Date(at) });

          const refusal = refusalOf(() => book(books, command));

          expect(refusal === null).toBe(sofar + stamps <= limit);
          if (refusal === null) given.set(day, sofar + stamps);
          else expect(eventsOf(books)).toHaveLength(before);
        }
      }),
    );
  });
});
