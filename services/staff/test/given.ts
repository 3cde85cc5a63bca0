import {
  clubChanged,
  createStaff,
  newId,
  partnerChanged,
  type CallerPartner,
  type Endpoint,
} from '@punchcard/contracts';
import { createLog } from '@punchcard/service-kit';
import {
  createTestDatabase,
  createTestTopics,
  givenCallerPartner,
  partnerCaller,
  senderTo,
  startOwning,
  testSecrets,
  waitFor,
  type Sending,
} from '@punchcard/testing';
import { createApp } from '../src/app.ts';

const log = createLog('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

export const givenPartner = givenCallerPartner;

/** The service as it runs: its relay and consumer, a database and topics of its own. */
export const startStaff = () =>
  startOwning(async (own) => {
    const [database, topics] = await Promise.all([
      own(createTestDatabase('staff'), ({ drop }) => drop()),
      own(createTestTopics('staff'), ({ drop }) => drop()),
    ]);
    const config = {
      ...{ port: 0, host: '127.0.0.1', database: { url: database.patientUrl, poolMax: 10 }, kafka: topics.kafka },
      callerSecrets: testSecrets,
    };
    const app = own(createApp(config, log), async ({ consumer, relay, sql }) => {
      await Promise.all([consumer.stop(), relay.stop()]);
      await sql.end({ timeout: 5 });
    });
    app.relay.start();
    app.consumer.start();
    const [{ port }, topic] = await Promise.all([
      own(app.service.listen(), () => app.service.close()),
      own(topics.read('staff'), ({ stop }) => stop()),
      topics.joined('staff'),
    ]);
    const send = senderTo(`http://127.0.0.1:${port}`);
    const announceClub = async (partner: CallerPartner, state: Partial<ClubState> = {}) => {
      const { sequence = 1, ...rest } = state;
      const data = { ...clubChanged.example, club_id: newId(), ...rest };
      await topics.publish(partner.id, [{ event: clubChanged, key: partner.id, data, sequence }]);
      return data.club_id;
    };

    return {
      app,
      sql: database.sql,
      /** Sends a request as this partner. */
      send: (partner: CallerPartner, endpoint: Endpoint, sending: Sending = {}) =>
        send(partnerCaller(partner), endpoint, sending),
      /** A partner's events on the topic up to the sequence of a mark, in their order. */
      events: (partner: CallerPartner, mark: number | null) => topic.eventsOf(partner.id, mark),
      /** The catalog's new state of a club; nobody waits until it is read. */
      announceClub,
      /** The same, once it is read: a request waits for that a second at most, and a busy machine may take longer. */
      club: async (partner: CallerPartner, state: Partial<ClubState> = {}) => {
        const clubId = await announceClub(partner, state);
        await waitFor('the copy of the catalog', () => app.consumer.copies.caughtUp(['catalog']));
        return clubId;
      },
      /** What `partners` announces when a partner was deleted. */
      deletePartner: (partner: CallerPartner) => {
        const data = { ...partnerChanged.example, partner_id: partner.id, is_deleted: true };
        return topics.publish(partner.id, [{ event: partnerChanged, key: partner.id, data, sequence: 2 }]);
      },
    };
  });

interface ClubState {
  club_id: string;
  name: string;
  is_active: boolean;
  is_deleted: boolean;
  sequence: number;
}

export type Staff = Awaited<ReturnType<typeof startStaff>>;

export const anyEmail = (): string => `ona.${newId()}@bean.example`;

/** Adds somebody a test is not about. @returns the answer's data */
export async function givenMember(
  staff: Staff,
  partner: CallerPartner,
  body: { club_id: string } & Record<string, unknown>,
) {
  const sent = { name: 'Ona Petraitė', email: anyEmail(), ...body };
  const answered = await staff.send(partner, createStaff, { body: sent });
  if (answered.status !== 201) throw new Error(`Answered ${JSON.stringify(answered.body)}`);
  return answered.body.data as { id: string; email: string; name: string; created_at: string };
}
