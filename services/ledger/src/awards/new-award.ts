import { newId } from '@punchcard/contracts';
import { currentTraceparent } from '@punchcard/messaging';
import type { AwardOrder } from '../booking/rules.ts';
import { byId } from '../members/identify.ts';

/** Points that are owed, as another service or a row of `owed_awards` names them. */
export type Owed = Pick<
  AwardOrder,
  'partnerId' | 'cardId' | 'memberId' | 'event' | 'points' | 'reference' | 'note' | 'staffId' | 'occurredAt'
> & {
  /** Of what made them owed; absent = of now. */
  traceparent?: string | null;
};

/** An award as a command: by the member's id, without a key, since its reference names it for good. */
export const newAward = ({ traceparent, ...owed }: Owed, now: Date): AwardOrder => ({
  ...owed,
  ...{ kind: 'award', transactionId: newId(), memberIdentifier: owed.memberId, candidates: byId(owed.memberId) },
  ...{ idempotency: null, isHistory: false, traceparent: traceparent ?? currentTraceparent(), now },
});
