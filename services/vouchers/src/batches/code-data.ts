import type { Answer, listVoucherBatchCodes } from '@punchcard/contracts';
import { remainingUses } from '../vouchers/rules.ts';
import type { CodeView } from './views.ts';

/** A code as the APIs show it. */
export const codeData = (code: CodeView): Answer<typeof listVoucherBatchCodes>[number] => ({
  voucher_id: code.voucherId,
  code: code.code,
  is_active: code.isActive,
  times_used: code.timesUsed,
  remaining_uses: remainingUses(code),
  valid_until: code.validUntil?.toISOString() ?? null,
});
