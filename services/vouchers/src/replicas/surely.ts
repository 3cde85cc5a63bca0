import { createSurely } from '@punchcard/messaging';

export const surely = createSurely('vouchers');
