import { createVoucher, createVoucherBatch, type Request } from '@punchcard/contracts';
import type { Api } from './api.ts';
import { dayBefore } from './local-time.ts';

type Where = { api: Api; run: string; anchor: Date; clubId: string; cardId: string };
type Sent = NonNullable<Request<typeof createVoucher>['body']>;

const halfAYear = 182;

/** One voucher of each type, as partners of any trade have them. Money in minor units. */
const vouchersAt = ({ anchor, clubId, cardId }: Where): Sent[] => {
  const until = dayBefore(anchor, -halfAYear).toISOString();
  return [
    {
      ...{ club_id: clubId, code: 'WELCOME10', name: 'Ten percent off for new members', type: 'percentage', value: 10 },
      ...{ max_discount_amount: 1_500, new_members_days: 30, description: 'In the first month, up to 15.00' },
    },
    {
      ...{ club_id: clubId, code: 'FIVEOFF', name: 'Five off from thirty', type: 'fixed_amount', value: 500 },
      ...{ min_purchase_amount: 3_000, max_uses_per_member: 3, valid_until: until },
    },
    {
      ...{ club_id: clubId, code: 'ONTHEHOUSE', name: 'A treat on the house', type: 'free_product' },
      ...{ free_product: 'A treat of the day', max_uses_total: 250, valid_until: until },
    },
    { club_id: clubId, code: 'SHIPFREE', name: 'Free delivery', type: 'free_shipping', min_purchase_amount: 2_000 },
    {
      ...{ club_id: clubId, code: 'POINTS100', name: 'A hundred points', type: 'bonus_points', value: 100 },
      ...{ reward_card_id: cardId, valid_until: until },
    },
  ];
};

/** Makes vouchers and a batch of codes with the partner's own key; a repeat finds the same. */
export const makeVouchers = async (where: Where): Promise<void> => {
  const { api, run, anchor, clubId } = where;
  for (const [index, body] of vouchersAt(where).entries()) {
    await api.call(createVoucher, { idempotencyKey: `${run}-voucher-${index}`, body });
  }
  await api.call(createVoucherBatch, {
    idempotencyKey: `${run}-voucher-batch`,
    body: {
      ...{ name: 'Newsletter', count: 50, prefix: 'NEWS-', pattern: '****-****' },
      template: {
        ...{ club_id: clubId, type: 'fixed_amount', value: 300, title: 'Three off, for our readers' },
        valid_until: dayBefore(anchor, -halfAYear).toISOString(),
      },
    },
  });
};
