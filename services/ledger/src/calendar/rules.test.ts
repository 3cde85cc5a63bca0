import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMonths, daysAfter, endOfDay, instantOf, startOfDay, wallTimeOf } from './rules.ts';

const VILNIUS = 'Europe/Vilnius';
const wall = (text: string) => Date.parse(`${text}Z`);

describe('instantOf', () => {
  it.each([
    ['winter', '2026-01-15T12:00:00', VILNIUS, '2026-01-15T10:00:00.000Z'],
    ['summer', '2026-07-15T12:00:00', VILNIUS, '2026-07-15T09:00:00.000Z'],
    ['an hour that is skipped: later by as much', '2026-03-29T03:30:00', VILNIUS, '2026-03-29T01:30:00.000Z'],
    ['an hour that is shown twice: the first', '2026-10-25T03:30:00', VILNIUS, '2026-10-25T00:30:00.000Z'],
    ['half an hour forward at Lord Howe', '2026-10-04T02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['a midnight that is skipped', '2026-04-24T00:00:00', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['a quarter of an hour', '2026-01-15T12:00:00', 'Asia/Kathmandu', '2026-01-15T06:15:00.000Z'],
  ])('%s', (...[, local, zone, instant]) => {
    expect(instantOf(wall(local), zone).toISOString()).toBe(instant);
  });

  it('is the inverse of what the clocks show, but for the hour that is shown twice', () => {
    const zones = fc.constantFrom(VILNIUS, 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
    const instants = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, zones, (at, zone) => {
        const again = instantOf(wallTimeOf(at, zone), zone);
        expect(wallTimeOf(again, zone)).toBe(wallTimeOf(at, zone));
        expect(again.getTime()).toBeLessThanOrEqual(at.getTime());
      }),
    );
  });
});

describe('days', () => {
  it('last from midnight to midnight of the zone, also when the clocks change', () => {
    expect(startOfDay('2026-03-29', VILNIUS).toISOString()).toBe('2026-03-28T22:00:00.000Z');
    expect(endOfDay('2026-03-29', VILNIUS).toISOString()).toBe('2026-03-29T21:00:00.000Z');
  });

  it('keep the time of the day across a change of the clocks', () => {
    expect(daysAfter(new Date('2026-03-28T10:00:00Z'), 2, VILNIUS).toISOString()).toBe('2026-03-30T09:00:00.000Z');
  });

  it('take years that no database knows to the nearest that it does', () => {
    expect(startOfDay('0000-01-01', 'UTC').toISOString()).toBe('1900-01-01T00:00:00.000Z');
    expect(endOfDay('9999-12-31', 'UTC').toISOString()).toBe('9999-12-31T00:00:00.000Z');
  });
});

describe('addMonths', () => {
  it.each([
    ['2026-01-31T10:15:00', 1, '2026-02-28T10:15:00'],
    ['2028-01-31T10:15:00', 1, '2028-02-29T10:15:00'],
    ['2028-02-29T10:15:00', 12, '2029-02-28T10:15:00'],
    ['2026-12-05T23:59:59.999', 1, '2027-01-05T23:59:59.999'],
    ['1969-12-31T23:00:00', 2, '1970-02-28T23:00:00'],
    ['2026-03-31T00:00:00', 1_200, '2126-03-31T00:00:00'],
  ])('%s and %i months', (from, months, to) => {
    expect(addMonths(wall(from), months)).toBe(wall(to));
  });
});
