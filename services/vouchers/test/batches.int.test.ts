import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createVoucher,
  createVoucherBatch,
  deleteVoucher,
  getVoucherBatch,
  listVoucherBatchCodes,
  newId,
  type Endpoint,
} from '@punchcard/contracts';
import { signCaller } from '@punchcard/service-kit';
import { partnerCaller, testSecrets, waitFor } from '@punchcard/testing';
import { givenProgramme, startApp, startVouchers, times, type Programme, type Vouchers } from './given.ts';

let vouchers: Vouchers;
beforeAll(async () => {
  vouchers = await startVouchers({ processes: 2 });
});
afterAll(() => vouchers?.stop());

const codesOf = ({ partnerId }: Programme) => vouchers.sql<{ code: string }[]>`
  select code from vouchers where partner_id = ${partnerId} and deleted_at is null
`;

const eventsOf = ({ partnerId }: Programme) => vouchers.sql`
  select type, data from outbox where partner_id = ${partnerId} order by id
`;

const completed = (given: Programme, id: string) =>
  waitFor(
    'the batch to be completed',
    async () => {
      const { body } = await given.send(getVoucherBatch, { params: { id } });
      return body.data.status === 'completed' && body.data;
    },
    30_000,
  );

/** A request with headers of its own, answered as text. */
async function raw({ partner }: Programme, endpoint: Endpoint, { path, headers }: { path: string; headers: object }) {
  const [pathname] = path.split('?');
  const token = signCaller(
    partnerCaller(partner),
    { audience: 'vouchers', method: endpoint.method, path: pathname! },
    testSecrets,
  );
  const response = await fetch(vouchers.url + path, { headers: { 'punchcard-caller': token, ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('POST /partner/vouchers/batches', () => {
  it('makes up to a thousand codes with the answer, by its pattern, and announces them once', async () => {
    const given = await givenProgramme(vouchers);

    const { status, body } = await given.send(createVoucherBatch, {
      body: {
        ...{ name: 'Spring mailing', count: 500, prefix: 'spring-', pattern: '##@@-****' },
        template: { club_id: given.clubId, type: 'fixed_amount', value: 500 },
      },
    });

    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...{ name: 'Spring mailing', status: 'completed', count: 500, created_count: 500, redeemed_count: 0, job: null },
      ...{ prefix: 'SPRING-', pattern: '##@@-****', completed_at: expect.any(String) },
      template: { name: 'Spring mailing', type: 'fixed_amount', value: 500, max_uses_total: 1, max_uses_per_member: 1 },
    });
    const codes = await codesOf(given);
    expect(new Set(codes.map(({ code }) => code)).size).toBe(500);
    for (const { code } of codes) expect(code).toMatch(/^SPRING-[2-9]{2}[A-HJ-NP-Z]{2}-[A-HJ-NP-Z2-9]{4}$/);
    expect(await eventsOf(given)).toEqual([
      {
        type: 'vouchers.voucher_batch_created.v1',
        data: expect.objectContaining({ batch_id: body.data.id, count: 500, club_id: given.clubId }),
      },
    ]);
  });

  it('makes more in the background, shows none before all are there, and tells where to look', async () => {
    const given = await givenProgramme(vouchers);
    const sending = {
      body: { name: 'Big', count: 2_500, template: { club_id: given.clubId, type: 'free_shipping' } },
      key: newId(),
    };

    const { status, body } = await given.send(createVoucherBatch, sending);

    expect(status).toBe(202);
    const { id, job } = body.data;
    expect(body.data).toMatchObject({ status: 'queued', created_count: 0, completed_at: null });
    expect(job).toEqual({
      id: expect.any(String),
      status: 'queued',
      total: 2_500,
      processed: 0,
      progress: 0,
      error: null,
    });
    const done = await completed(given, id);
    expect(done).toMatchObject({ created_count: 2_500, job: { id: job.id, status: 'completed', progress: 1 } });
    expect(await codesOf(given)).toHaveLength(2_500);
    expect(await eventsOf(given)).toHaveLength(1);
    expect(await given.send(createVoucherBatch, sending)).toMatchObject({ status: 202, isReplayed: true, body });
    expect(await codesOf(given)).toHaveLength(2_500);
  });

  it('refuses codes that can be guessed, or are too short or too long', async () => {
    const given = await givenProgramme(vouchers);
    const errorsOf = async (body: object) => {
      const template = { club_id: given.clubId, type: 'free_shipping' };
      const { status, body: answer } = await given.send(createVoucherBatch, {
        body: { name: 'x', count: 1, template, ...body },
      });
      return status === 201 || answer.details.errors;
    };

    // 32³ = 32,768 codes are enough for 3 of them, and not for 4.
    expect(await errorsOf({ pattern: '***', count: 3 })).toBe(true);
    expect(await errorsOf({ pattern: '***', count: 4 })).toEqual({
      pattern: ['must allow at least 40000 codes, so that they cannot be guessed'],
    });
    expect(await errorsOf({ pattern: 'FIXED' })).toHaveProperty('pattern');
    expect(await errorsOf({ pattern: '**' })).toHaveProperty('pattern');
    expect(await errorsOf({ prefix: 'P'.repeat(32), pattern: '*'.repeat(33) })).toHaveProperty('pattern');
    expect(await errorsOf({ pattern: '****!' })).toHaveProperty('pattern');
    expect(await errorsOf({ prefix: '*' })).toHaveProperty('prefix');
    expect(await errorsOf({ count: 10_001 })).toHaveProperty('count');
    expect(await errorsOf({ template: { club_id: given.clubId, type: 'percentage' } })).toEqual({
      'template.value': ['is required for percentage'],
    });
    expect(await errorsOf({ template: { club_id: given.clubId, type: 'free_shipping', code: 'X' } })).toHaveProperty([
      'template.code',
    ]);
  });

  it('counts each code for the limit, also those that are still to be made', async () => {
    const given = await givenProgramme(vouchers, { vouchers_limit: 1_502 });
    const template = { club_id: given.clubId, type: 'free_shipping' };
    const ask = (count: number) => given.send(createVoucherBatch, { body: { name: 'x', count, template } });

    const big = await ask(1_500);
    const refused = await ask(3);

    expect(big.status).toBe(202);
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'LIMIT_REACHED', details: { limit_name: 'vouchers_limit', limit: 1_502, current: 1_500 } },
    });
    expect((await ask(2)).status).toBe(201);
    const one = { body: { ...template, name: 'x' } };
    expect((await given.send(createVoucher, one)).status).toBe(403);
    await completed(given, big.body.data.id);
    const { code } = (await codesOf(given))[0]!;
    const [found] =
      await vouchers.sql`select voucher_id from vouchers where partner_id = ${given.partnerId} and code = ${code}`;
    await given.send(deleteVoucher, { params: { id: found!['voucherId'] } });
    expect((await given.send(createVoucher, one)).status).toBe(201);
  });

  it('says of the club and card in its template where they stand', async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const ask = async (template: object) =>
      (await given.send(createVoucherBatch, { body: { name: 'x', count: 1, template } })).body;

    expect(await ask({ club_id: other.clubId, type: 'free_shipping' })).toMatchObject({ code: 'CLUB_NOT_FOUND' });
    expect(
      await ask({ club_id: given.clubId, type: 'bonus_points', value: 5, reward_card_id: other.cardId }),
    ).toMatchObject({ code: 'NOT_FOUND', details: { field: 'template.reward_card_id' } });
  });

  it('fails whole when no code is free any more, and gives the room back', async () => {
    const given = await givenProgramme(vouchers);
    const [all] = ['ABCDEFGHJKLMNPQRSTUVWXYZ23456789'];
    const codes = [...all!].flatMap((a) => [...all!].flatMap((b) => [...all!].map((c) => a + b + c)));
    const made = await given.voucher({ code: 'TEMPLATE' });
    await vouchers.sql`
      insert into vouchers (partner_id, voucher_id, club_id, code, name, search_key, type, currency, target_tiers,
        first_order_only, is_active, is_visible_by_default, times_used, version, created_at, updated_at)
      select partner_id, gen_random_uuid(), club_id, taken, name, search_key, 'free_shipping', currency, target_tiers,
        first_order_only, is_active, is_visible_by_default, 0, 1, created_at, updated_at
      from vouchers, unnest(${codes}::text[]) as taken
      where voucher_id = ${made.id}
    `;

    const answer = await given.send(createVoucherBatch, {
      body: { name: 'x', count: 1, pattern: '***', template: { club_id: given.clubId, type: 'free_shipping' } },
    });

    expect(answer).toMatchObject({ status: 409, body: { code: 'CONFLICT', details: { reason: 'no_free_codes' } } });
    const [row] = await vouchers.sql`select vouchers from voucher_counts where partner_id = ${given.partnerId}`;
    expect(row?.['vouchers']).toBe(1);
  });
});

describe('a batch in the background', () => {
  it('survives a process that is killed in the middle of five thousand codes: none is there, then all', async () => {
    const own = await startVouchers({ jobs: false });
    let child: ChildProcess | undefined;
    try {
      const given = await givenProgramme(own);
      const template = { club_id: given.clubId, type: 'free_shipping' };
      const { body } = await given.send(createVoucherBatch, { body: { name: 'x', count: 5_000, template } });
      const { id } = body.data;
      await own.sql.unsafe(`
        create function slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.001); return new; end';
        create trigger slowly before insert on vouchers for each row execute function slowly();
      `);
      child = spawn(process.execPath, [new URL('../src/main.ts', import.meta.url).pathname], {
        env: environmentOf(own),
        stdio: 'ignore',
      });
      const exited = once(child, 'exit');
      await waitFor(
        'the job to be in its second thousand',
        async () => {
          const [row] = await own.sql`
          select 1 from pg_stat_activity
          where datname = current_database() and query like '%insert into vouchers%' and state = 'active'
            and now() - xact_start > interval '1.8 s'
        `;
          return row;
        },
        60_000,
      );
      child.kill('SIGKILL');
      await exited;
      // It ends with the thousand that it is at, and only then frees the table.
      await waitFor('its transaction to end', async () => {
        const open = await own.sql`
          select 1 from pg_stat_activity
          where datname = current_database() and query like '%insert into vouchers%' and xact_start is not null
            and pid <> pg_backend_pid()
        `;
        return open.length === 0;
      });
      await own.sql.unsafe('drop trigger slowly on vouchers');

      const shown = async () => (await given.send(getVoucherBatch, { params: { id } })).body.data;
      expect(await shown()).toMatchObject({ status: 'running', created_count: 0 });
      expect(await given.send(listVoucherBatchCodes, { params: { id } })).toMatchObject({
        status: 409,
        body: { code: 'CONFLICT', details: { reason: 'not_completed', current_state: 'running' } },
      });
      const [before] = await own.sql`select count(*) as count from vouchers`;
      expect(before?.['count']).toBe(0);

      const again = await startApp(own.config);
      try {
        await waitFor('all codes', async () => (await shown()).status === 'completed', 20_000);
      } finally {
        await again.stop();
      }
      const [after] = await own.sql`select count(distinct code) as count, max(batch_position) as last from vouchers`;
      expect(after).toEqual({ count: 5_000, last: 4_999 });
      const [{ announced }] = await own.sql<[{ announced: number }]>`
        select count(*) as announced from outbox where type = 'vouchers.voucher_batch_created.v1'
      `;
      expect(announced).toBe(1);
    } finally {
      child?.kill('SIGKILL');
      await own.stop();
    }
  }, 120_000);

  it('that draws a code at the same instant as an office types it leaves the office a conflict, no failure', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ code: 'TEMPLATE' });
    const body = { club_id: given.clubId, name: 'x', type: 'free_shipping', code: 'DRAWN' };

    // As the job does: without the lock of the partner, and not committed yet.
    const typed = await vouchers.sql.begin(async (tx) => {
      await tx`
        insert into vouchers (partner_id, voucher_id, club_id, code, name, search_key, type, currency, target_tiers,
          first_order_only, is_active, is_visible_by_default, times_used, version, created_at, updated_at)
        select partner_id, gen_random_uuid(), club_id, 'DRAWN', name, search_key, 'free_shipping', currency, target_tiers,
          first_order_only, is_active, is_visible_by_default, 0, 1, created_at, updated_at
        from vouchers
        where voucher_id = ${made.id}
      `;
      const answer = given.send(createVoucher, { body });
      await waitFor('the insert to wait', async () => {
        // Not in the transaction, which would see for ever what it saw first.
        const [waiting] = await vouchers.sql`
          select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into vouchers%'
        `;
        return waiting;
      });
      return { answer };
    });

    expect(await typed.answer).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS', details: { field: 'code' } },
    });
  });

  it('is made once by two processes, each batch by one of them', async () => {
    const given = await givenProgramme(vouchers);
    const template = { club_id: given.clubId, type: 'free_shipping' };

    const asked = await times(4, () => given.send(createVoucherBatch, { body: { name: 'x', count: 1_001, template } }));
    for (const { body } of asked) await completed(given, body.data.id);

    expect(await codesOf(given)).toHaveLength(4_004);
    expect(await eventsOf(given)).toHaveLength(4);
  });
});

describe('GET /partner/vouchers/batches/{id}/codes', () => {
  it('lists them in the order made, with what was used of them', async () => {
    const given = await givenProgramme(vouchers);
    const batch = await given.batch({ count: 30 });
    const list = async (query: Record<string, string | number> = {}) =>
      (await given.send(listVoucherBatchCodes, { params: { id: batch.id }, query })).body;
    const all = await list({ per_page: 100 });
    const [first, second, third] = all.data;
    await given.redeem(second.voucher_id);
    await given.send(deleteVoucher, { params: { id: third.voucher_id } });

    expect(all.pagination).toMatchObject({ total: 30 });
    expect(first).toEqual({
      ...{ voucher_id: expect.any(String), code: expect.any(String), is_active: true, times_used: 0 },
      ...{ remaining_uses: 1, valid_until: null },
    });
    expect((await list({ used: 'true' })).data).toEqual([{ ...second, times_used: 1, remaining_uses: 0 }]);
    expect((await list({ used: 'false' })).pagination).toMatchObject({ total: 28 });
    expect((await list({ page: 2, per_page: 20 })).data).toHaveLength(9);
    expect((await given.send(getVoucherBatch, { params: { id: batch.id } })).body.data).toMatchObject({
      ...{ created_count: 30, redeemed_count: 1 },
    });
  });

  it('is a file of all of them for who asks for CSV; its refusals stay JSON', async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const until = '2030-06-30T21:00:00.000Z';
    const batch = await given.batch({ count: 2_100, template: { valid_until: until } });
    await completed(given, batch.id);
    const path = `/api/agent/v1/partner/vouchers/batches/${batch.id}/codes`;
    const csv = { accept: 'text/csv' };

    const { status, headers, text } = await raw(given, listVoucherBatchCodes, { path, headers: csv });

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('voucher_id,code,is_active,times_used,remaining_uses,valid_until');
    expect(lines.at(-1)).toBe('');
    expect(lines).toHaveLength(2_102);
    const listed = await given.send(listVoucherBatchCodes, { params: { id: batch.id }, query: { per_page: 1 } });
    const { voucher_id: id, code } = listed.body.data[0];
    expect(lines[1]).toBe(`${id},${code},true,0,1,${until}`);

    await given.redeem(id);
    const used = await raw(given, listVoucherBatchCodes, { path: `${path}?used=true`, headers: csv });
    expect(used.text).toBe(`${lines[0]}\r\n${id},${code},true,1,0,${until}\r\n`);
    const missing = await raw(other, listVoucherBatchCodes, { path, headers: csv });
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.text)).toMatchObject({ code: 'NOT_FOUND', details: { resource: 'voucher_batch' } });
    expect((await raw(given, listVoucherBatchCodes, { path, headers: {} })).headers.get('content-type')).toMatch(
      'json',
    );
  });
});

const environmentOf = ({ config }: Vouchers): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  VOUCHERS_PORT: '0',
  VOUCHERS_DATABASE_URL: config.database.url,
  VOUCHERS_BATCH_POLL_MS: '20',
  IDENTIFIER_PEPPER: config.identifierPepper,
  KAFKA_BROKERS: config.kafka.brokers.join(),
  KAFKA_TOPIC_PREFIX: config.kafka.topicPrefix,
  // Nobody calls it.
  CALLER_SECRETS: `test:${'x'.repeat(32)}`,
  LEDGER_URL: config.ledgerUrl,
});
