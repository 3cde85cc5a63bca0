/** Values that the examples of endpoints and events share, so that one reads like the next step of another. */
export const sample = {
  partnerId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c01',
  clubId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c11',
  cardId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c21',
  rewardId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c31',
  tierId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c41',
  memberId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c51',
  transactionId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c61',
  keyId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c71',
  lotId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c81',
  staffId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c91',
  stampCardId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1ca1',
  stampEventId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1cb1',
  voucherId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1ca1',
  redemptionId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1cb1',
  batchId: '0195743e-6c00-7c1a-8f53-2f1b7f0a1cc1',
  at: '2026-03-08T09:15:00.000Z',
} as const;
