import type { AwardOrder } from '../booking/rules.ts';
import { byId } from '../members/identify.ts';

type Owed = Pick<
  AwardOrder,
  | 'partnerId'
  | 'cardId'
  | 'event'
  | 'points'
  | 'reference'
  | 'note'
  | 'staffId'
  | 'occurredAt'
  | 'transactionId'
  | 'traceparent'
  | 'now'
> & { memberId: string };

/** An award as a command: by the member's id, without a key, since its reference names it for good. */
export const newAward = ({ memberId, ...owed }: Owed): AwardOrder => ({
  ...owed,
  ...{ kind: 'award', memberId, memberIdentifier: memberId, candidates: byId(memberId) },
  ...{ idempotency: null, isHistory: false },
});
