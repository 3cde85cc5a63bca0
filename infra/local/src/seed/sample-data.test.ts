import { describe, expect, it } from '@jest/globals';
import { historyOf } from './history.ts';
import type { SampleRow } from './history.ts';
import { localInstant } from './local-time.ts';
import { membersOf } from './members.ts';
import { asMailbox } from './names.ts';
import { programmes } from './programmes.ts';
import type { Programme } from './programmes.ts';

const anchor = new Date('2026-11-22T10:00:00.000Z');

const historyFor = (programme: Programme, at = anchor): SampleRow[] => {
  const ids = {
    cards: programme.clubs.map((_, index) => `card ${index}`),
    rewards: programme.rewards.map((_, index) => `reward ${index}`),
  };
  return historyOf({ programme, members: membersOf(programme, at), ids, anchor: at });
};

describe('the sample data', () => {
  it('have one partner of each plan, some three thousand members and more than eight thousand transactions', () => {
    const members = programmes.flatMap((programme) => membersOf(programme, anchor));
    const rows = programmes.flatMap((programme) => historyFor(programme));

    expect(programmes.map(({ tier }) => tier).toSorted()).toEqual(['enterprise', 'professional', 'standard']);
    expect(members.length).toBeGreaterThan(2_900);
    expect(rows.length).toBeGreaterThan(8_000);
    expect(rows.length).toBeLessThan(14_000);
  });
});

describe.each(programmes.map((programme) => ({ name: programme.name, programme })))('$name', ({ programme }) => {
  const members = membersOf(programme, anchor);
  const rows = historyFor(programme);

  it('is the same on every machine', () => {
    expect(membersOf(programme, new Date(anchor.getTime() + 3_600_000))).toEqual(members);
    expect(historyFor(programme)).toEqual(rows);
  });

  it('names every member, e-mail, number and reference once', () => {
    const emails = members.flatMap(({ email }) => email ?? []);
    const numbers = members.flatMap(({ member_number: number }) => number ?? []);
    const references = rows.map(({ reference }) => reference);

    expect(new Set(members.map(({ member_id: id }) => id)).size).toBe(members.length);
    for (const names of [emails, numbers, references]) expect(new Set(names).size).toBe(names.length);
  });

  it('has somebody at every club, each with an e-mail of their own', () => {
    const { clubs, staff } = programme;
    const mailboxes = staff.map(({ name }) => asMailbox(name));

    expect(new Set(staff.map(({ club }) => club))).toEqual(new Set(clubs.keys()));
    expect(new Set(mailboxes).size).toBe(staff.length);
    for (const mailbox of mailboxes) expect(mailbox).toMatch(/^[a-z]+\.[a-z]+$/);
  });

  it('tells its history in order, none of it in the future or before the member registered', () => {
    const registered = new Map(members.map(({ member_id: id, registered_at: at }) => [id, at]));
    const times = rows.map(({ at }) => at);

    expect(times).toEqual(times.toSorted());
    expect(times.at(-1)! <= anchor.toISOString()).toBe(true);
    expect(rows.filter(({ member_id: id, at }) => at <= registered.get(id)!)).toEqual([]);
  });

  it('lets no point expire before its end, so that the sweeper does not come between', () => {
    const months = programme.card.pointsExpirationMonths ?? Infinity;
    const oldest = new Date(rows[0]!.at).getTime();

    expect(oldest + (months * 30.4 - 3) * 86_400_000).toBeGreaterThan(anchor.getTime());
  });

  it('redeems only what purchases without bonus or multiplier have earned', () => {
    const balances = new Map<string, number>();
    const overdrawn = rows.filter((row) => {
      const account = `${row.member_id} ${row.card_id}`;
      const before = balances.get(account) ?? 0;
      const change =
        row.type === 'purchase'
          ? Math.floor((row.purchase_minor * programme.card.pointsPerCurrency) / 100)
          : -(programme.rewards[Number(row.reward_id.slice(-1))]?.points ?? Infinity);
      balances.set(account, before + change);
      return before + change < 0;
    });

    expect(overdrawn).toEqual([]);
    expect(rows.some(({ type }) => type === 'redeem')).toBe(true);
  });
});

describe('localInstant', () => {
  it.each([
    ['2026-07-01', 'Europe/Vilnius', '2026-07-01T06:00:00.000Z'],
    ['2026-12-01', 'Europe/Vilnius', '2026-12-01T07:00:00.000Z'],
    ['2026-12-01', 'Europe/London', '2026-12-01T09:00:00.000Z'],
  ])('of nine in the morning on %s in %s is %s', (day, zone, instant) => {
    expect(localInstant(new Date(`${day}T00:00:00Z`), 9 * 60, zone).toISOString()).toBe(instant);
  });
});
