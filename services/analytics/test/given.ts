import {
  clubChanged,
  memberChanged,
  newId,
  partnerChanged,
  pointsEarned,
  pointsExpired,
  pointsRedeemed,
  type CallerPartner,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { createLog } from '@punchcard/service-kit';
import {
  createTestDatabase,
  createTestTopics,
  givenCallerPartner,
  senderTo,
  startOwning,
  testSecrets,
  waitFor,
  type Published,
} from '@punchcard/testing';
import { createApp } from '../src/app.ts';

/** The service as it runs, with a database and topics of its own. */
export const startAnalytics = () =>
  startOwning(async (own) => {
    const [database, topics] = await Promise.all([
      own(createTestDatabase('analytics'), ({ drop }) => drop()),
      own(createTestTopics('analytics'), ({ drop }) => drop()),
    ]);
    const config = {
      ...{ port: 0, host: '127.0.0.1', database: { url: database.patientUrl, poolMax: 10 }, kafka: topics.kafka },
      callerSecrets: testSecrets,
    };
    const app = own(createApp(config, createLog('test', { level: 'silent' })), async ({ consumer, sql }) => {
      await consumer.stop();
      await sql.end({ timeout: 5 });
    });
    app.consumer.start();
    const [{ port }] = await Promise.all([
      own(app.service.listen(), () => app.service.close()),
      topics.joined('analytics'),
    ]);
    return {
      sql: database.sql,
      topics,
      send: senderTo(`http://127.0.0.1:${port}`),
      givenShop: (rest: Partial<CallerPartner> = {}) => givenShop({ sql: database.sql, ...topics }, rest),
    };
  });

interface World {
  sql: Sql;
  publish: (partnerId: string, drafts: readonly Published[]) => Promise<void>;
}

/** A partner with a club and a card, known to the service, and makers of what the ledger announces there. */
async function givenShop({ sql, publish }: World, rest: Partial<CallerPartner>) {
  const partner = givenCallerPartner({}, rest);
  const { id, time_zone, currency } = partner;
  const [clubId, cardId] = [newId(), newId()];
  const club = { ...clubChanged.example, club_id: clubId, name: `Club ${clubId}` };
  await publish(id, [
    { event: partnerChanged, key: id, data: { ...partnerChanged.example, partner_id: id, time_zone, currency } },
    { event: clubChanged, key: id, data: club },
  ]);
  // They are on two topics, and facts on a third: nothing else says that they are known when facts are counted.
  await waitFor('the shop', async () => {
    const rows = await sql`select 1 from partners join clubs using (partner_id) where partner_id = ${id}`;
    return rows.length === 1;
  });
  let sequence = 0;
  const entry = (memberId: string, fields: Record<string, unknown>) => ({
    ...pointsEarned.example,
    ...{ time_zone, transaction_id: newId(), member_id: memberId, card_id: cardId, club_id: clubId, currency },
    ...fields,
  });
  const fact = (event: Published['event'], memberId: string, fields: Record<string, unknown>): Published => {
    sequence += 1;
    return { event, key: memberId, sequence, data: entry(memberId, fields) };
  };
  return {
    partner,
    clubId,
    clubName: club.name,
    member: (memberId: string, n: number, at: string): Published => ({
      event: memberChanged,
      key: id,
      sequence: n,
      data: { ...memberChanged.example, member_id: memberId, registered_at: at },
    }),
    bought: (...[memberId, at, minor, fields = {}]: [string, string, number, Record<string, unknown>?]) =>
      fact(pointsEarned, memberId, { occurred_at: at, purchase_minor: minor, points: minor / 10, ...fields }),
    redeemed: (memberId: string, at: string, points: number) =>
      fact(pointsRedeemed, memberId, {
        ...{ event: 'staff_redeemed_points_for_reward', occurred_at: at, purchase_minor: null, points: -points },
      }),
    claimed: (memberId: string, at: string, points: number) =>
      fact(pointsRedeemed, memberId, {
        ...{ event: 'member_redeemed_points_for_reward', occurred_at: at, purchase_minor: null, points: -points },
      }),
    awarded: (memberId: string, at: string, points: number) =>
      fact(pointsEarned, memberId, { event: 'voucher_bonus_points', occurred_at: at, purchase_minor: null, points }),
    expired: (memberId: string, at: string, points: number) =>
      fact(pointsExpired, memberId, {
        event: 'points_expired',
        occurred_at: at,
        purchase_minor: null,
        points: -points,
      }),
    publish: (facts: readonly Published[]) => publish(id, facts),
  };
}

export type Shop = Awaited<ReturnType<typeof givenShop>>;
