import { AppError } from '@punchcard/contracts';

/** 409 while something belongs to a club. Kinds that do not exist yet are shown as none. */
export function requireUnused({ cards, stampCards }: { cards: number; stampCards: number }): void {
  const blocking = { cards, stamp_cards: stampCards, vouchers: 0, staff: 0 };
  if (Object.values(blocking).some((count) => count > 0)) {
    throw new AppError('CONFLICT', { details: { reason: 'in_use', blocking } });
  }
}
