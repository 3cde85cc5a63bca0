import { AppError, toDecimal } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import {
  changedStampCard,
  newStampCard,
  requireNoStampCards,
  requireRewardCard,
  type StampCardFields,
} from './rules.ts';

const now = new Date('2026-03-08T09:15:00Z');
const later = new Date('2026-03-09T09:15:00Z');

const stampCardOf = (fields: StampCardFields = {}, currency = 'EUR') =>
  newStampCard({
    ...{ partnerId: 'p', stampCardId: 's', currency, now },
    fields: { clubId: 'club', name: 'Ten coffees', title: { en_US: 'Ten coffees' }, stampsRequired: 10, ...fields },
  });

function errorsOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'VALIDATION_FAILED' ? error.details['errors'] : { code: error.code, ...error.details };
  }
}

describe('newStampCard', () => {
  it('hands out something at the till unless it pays points', () => {
    expect(stampCardOf().requiresPhysicalClaim).toBe(true);
    expect(stampCardOf({ rewardPoints: 50, rewardCardId: 'c' }).requiresPhysicalClaim).toBe(false);
    expect(stampCardOf({ rewardPoints: 50, rewardCardId: 'c', requiresPhysicalClaim: true })).toMatchObject({
      rewardPoints: 50,
      requiresPhysicalClaim: true,
    });
  });

  it("is in the partner's currency, if it says no other, and keeps its minimum in minor units", () => {
    expect(stampCardOf({ minPurchaseAmount: toDecimal(2.5) })).toMatchObject({
      currency: 'EUR',
      minPurchaseMinor: 250,
    });
    expect(stampCardOf({ currency: 'JPY', minPurchaseAmount: toDecimal(300) }).minPurchaseMinor).toBe(300);
    expect(stampCardOf({ minPurchaseAmount: toDecimal(0) }).minPurchaseMinor).toBe(0);
  });

  it('names every field that does not fit the others', () => {
    const asked: StampCardFields = {
      ...{ minPurchaseAmount: toDecimal(2.5), currency: 'JPY', validFrom: later, validUntil: now },
      ...{ requiresPhysicalClaim: false },
    };

    expect(errorsOf(() => stampCardOf(asked))).toEqual({
      min_purchase_amount: ['must have at most 0 decimals in JPY'],
      requires_physical_claim: ['must be true without reward_points'],
      valid_until: ['must be after valid_from'],
    });
    expect(errorsOf(() => stampCardOf({ rewardPoints: 5 }))).toEqual({
      reward_card_id: ['is required with reward_points'],
    });
  });
});

describe('changedStampCard', () => {
  it('keeps what is not named, also the amount when the currency changes', () => {
    const before = stampCardOf({ minPurchaseAmount: toDecimal(3) });

    expect(changedStampCard(before, { currency: 'JPY' }, later)).toEqual({
      ...before,
      ...{ currency: 'JPY', minPurchaseMinor: 3, updatedAt: later },
    });
  });

  it('refuses to leave a card without any reward', () => {
    const before = stampCardOf({ rewardPoints: 5, rewardCardId: 'c' });

    expect(errorsOf(() => changedStampCard(before, { rewardPoints: null }, later))).toEqual({
      requires_physical_claim: ['must be true without reward_points'],
    });
    expect(
      changedStampCard(before, { rewardPoints: null, requiresPhysicalClaim: true }, later).rewardPoints,
    ).toBeNull();
  });
});

describe('requireRewardCard', () => {
  it('refuses a card that is not there, and one whose deletion has begun', () => {
    expect(errorsOf(() => requireRewardCard('c', undefined))).toEqual({
      ...{ code: 'NOT_FOUND', resource: 'card', id: 'c', field: 'reward_card_id' },
    });
    expect(errorsOf(() => requireRewardCard('c', { isClosing: true }))).toEqual({
      ...{ code: 'CONFLICT', reason: 'card_being_deleted' },
    });
    expect(errorsOf(() => requireRewardCard('c', { isClosing: false }))).toBeNull();
  });
});

describe('requireNoStampCards', () => {
  it('keeps a card onto which stamp cards pay', () => {
    expect(errorsOf(() => requireNoStampCards(2))).toEqual({
      ...{ code: 'CONFLICT', reason: 'in_use', blocking: { stamp_cards: 2 } },
    });
    expect(errorsOf(() => requireNoStampCards(0))).toBeNull();
  });
});
