import {
  newId,
  partnerOf,
  reply,
  streamed,
  type Answer,
  type Call,
  type Handlers,
  type createVoucherBatch as create,
  type getVoucherBatch as get,
  type listVoucherBatchCodes as codes,
} from '@punchcard/contracts';
import { paginate } from '@punchcard/database';
import { changeVouchers, type ChangeDeps } from '../programme/change-vouchers.ts';
import { termsData, termsFrom } from '../wire/voucher-data.ts';
import { codeData } from './code-data.ts';
import { codesCsv } from './codes-csv.ts';
import { createBatch } from './create-batch.ts';
import { PLAIN, requireForm } from './pattern-rules.ts';
import { AT_ONCE, requireCompleted, templateOf, type Batch } from './rules.ts';
import { getBatchView, listCodes, type BatchView } from './views.ts';

type Endpoints = typeof create | typeof get | typeof codes;

const soon = { 'retry-after': '1' };

export const batchHandlers = (deps: ChangeDeps): Handlers<Endpoints> => ({
  'agent.voucher_batches.create': async (call) => {
    const { gates } = partnerOf(call.caller);
    const batch = newBatch(call);
    const done = await changeVouchers(deps, call, async (tx, vouchers) => {
      const { events } = await createBatch(tx, { batch, gates, vouchers });
      const data = batchData(call)(await getBatchView(tx, batch));
      return { data, events, status: batch.jobId === null ? 201 : 202 };
    });
    const { data } = done;
    if (data.job === null) return done;
    return { ...done, headers: { location: `/api/agent/v1/partner/vouchers/batches/${data.id}`, ...soon } };
  },

  'agent.voucher_batches.get': async (call) => {
    const data = batchData(call)(await getBatchView(deps.sql, keyOf(call)));
    return data.status === 'queued' || data.status === 'running' ? reply(data, { headers: soon }) : data;
  },

  'agent.voucher_batches.codes': async (call) => {
    const { used } = call.query;
    const filter = { ...keyOf(call), used };
    requireCompleted(await getBatchView(deps.sql, filter));
    if (call.media === 'text/csv') {
      return streamed({
        type: 'text/csv',
        fileName: `voucher-codes-${call.params.id}.csv`,
        body: codesCsv(deps.sql, filter),
      });
    }
    const page = paginate(call.query);
    const { codes: found, total } = await listCodes(deps.sql, filter, page);
    return reply(found.map(codeData), { pagination: page.pagination(total) });
  },
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof codes>) => ({
  partnerId: partnerOf(caller).id,
  batchId: params.id,
});

function newBatch({ body, caller, now }: Call<typeof create>): Batch {
  const { id: partnerId, currency, locale } = partnerOf(caller);
  const { name, count, prefix = null, template: sent } = body;
  const form = { prefix, pattern: body.pattern ?? PLAIN.pattern };
  requireForm(form, count);
  const { club_id: clubId, type } = sent;
  const template = templateOf({ ...termsFrom(sent, locale), name: sent.name ?? name, clubId, type }, currency);
  return {
    ...{ partnerId, batchId: newId(), name, count, ...form, template, status: 'queued', failure: null },
    ...{ jobId: count > AT_ONCE ? newId() : null, createdAt: now, updatedAt: now, completedAt: null },
  };
}

const batchData =
  (call: Pick<Call, 'caller' | 'language'>) =>
  (batch: BatchView): Answer<typeof get> => {
    const { status, count } = batch;
    const made = status === 'completed' ? count : 0;
    return {
      id: batch.batchId,
      name: batch.name,
      status,
      count,
      created_count: made,
      redeemed_count: batch.redeemed,
      prefix: batch.prefix,
      pattern: batch.pattern,
      template: termsData(call)(batch.template),
      job:
        batch.jobId === null
          ? null
          : {
              ...{
                id: batch.jobId,
                status,
                total: count,
                processed: made,
                progress: made / count,
                error: batch.failure,
              },
            },
      created_at: batch.createdAt.toISOString(),
      updated_at: batch.updatedAt.toISOString(),
      completed_at: batch.completedAt?.toISOString() ?? null,
    };
  };
