import { AppError } from '@punchcard/contracts';

/** Things that belong to a club, by kind. */
export interface ClubUse {
  cards: number;
  stampCards: number;
  vouchers: number;
  staff: number;
}

/** 409 while something belongs to a club. */
export function requireUnused({ cards, stampCards, vouchers, staff }: ClubUse): void {
  const blocking = { cards, stamp_cards: stampCards, vouchers, staff };
  if (Object.values(blocking).some((count) => count > 0)) {
    throw new AppError('CONFLICT', { details: { reason: 'in_use', blocking } });
  }
}
