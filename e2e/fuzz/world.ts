import {
  createAdminKey,
  createAgentKey,
  createCard,
  createClub,
  createPartner,
  createReward,
  createStaff,
  createStampCard,
  createTier,
  createVoucher,
  createMyKey,
  purchase,
} from '@punchcard/contracts';
import { adminApi, apiOf, dataOf, givenKey, givenMember, givenPartner, running, times } from '../given.ts';

/** Enough of each thing that some are left when others were deleted. */
const OF_EACH = 6;
/** A key may make 1,000 calls a minute, a member's 120. */
const KEYS = 4;

/** What is fuzzed: keys of each kind of caller, and ids of what is there, by the word that stands before `{id}` in paths. */
export interface World {
  keys: Record<'partner' | 'member' | 'admin', string[]>;
  partnerHeaders: Record<string, string>;
  slug: string;
  ids: Record<string, string[]>;
  /** Ids by the names of fields that refer to them. */
  references: Record<string, string[]>;
}

const idsOf = (things: readonly { id: string }[]): string[] => things.map(({ id }) => id);

/** A partner with a little of everything, made through the front door. */
export async function makeWorld(): Promise<World> {
  const partner = await givenPartner();
  const { agent } = partner;
  const clubs = await times(OF_EACH, (n) => dataOf(agent(createClub, { body: { name: `Club ${n}` } })));
  const clubId = clubs[0]!.id;
  const tiers = await times(OF_EACH, (n) =>
    dataOf(agent(createTier, { body: { name: `tier-${n}`, level: n, points_threshold: n * 1_000 } })),
  );
  const cards = await times(OF_EACH, (n) =>
    dataOf(
      agent(createCard, { body: { club_id: clubId, name: `Card ${n}`, currency: 'EUR', points_per_currency: 10 } }),
    ),
  );
  const cardId = cards[0]!.id;
  const [rewards, stampCards, vouchers, staff, members] = await Promise.all([
    times(OF_EACH, (n) =>
      dataOf(agent(createReward, { body: { card_id: cardId, name: `Reward ${n}`, points: 20 + n } })),
    ),
    times(OF_EACH, (n) =>
      dataOf(
        agent(createStampCard, {
          body: { club_id: clubId, name: `Stamps ${n}`, title: `Stamps ${n}`, stamps_required: 5 },
        }),
      ),
    ),
    times(OF_EACH, (n) =>
      dataOf(
        agent(createVoucher, {
          body: { club_id: clubId, name: `Voucher ${n}`, code: `CODE${n}`, type: 'percentage', value: 10 },
        }),
      ),
    ),
    times(OF_EACH, (n) =>
      dataOf(agent(createStaff, { body: { club_id: clubId, name: `Staff ${n}`, email: `staff.${n}@example.com` } })),
    ),
    times(OF_EACH, () => givenMember(partner.slug)),
  ]);
  const sales = await times(OF_EACH, (n) =>
    dataOf(agent(purchase, { body: { card_id: cardId, member_identifier: members[n]!.id, purchase_amount: 100 } })),
  );
  const ids = {
    clubs: idsOf(clubs),
    tiers: idsOf(tiers),
    cards: idsOf(cards),
    rewards: idsOf(rewards),
    'stamp-cards': idsOf(stampCards),
    vouchers: idsOf(vouchers),
    staff: idsOf(staff),
    members: idsOf(members),
    transactions: sales.map(({ transaction_id: id }) => id),
  };
  return {
    keys: {
      partner: [partner.agentKey, ...(await times(KEYS - 1, () => givenKey(partner.partnerId, { preset: 'full' })))],
      member: await memberKeys(members[0]!.key),
      admin: [running().adminKey, ...(await times(KEYS - 1, adminKey))],
    },
    partnerHeaders: partner.partnerHeaders,
    slug: partner.slug,
    ids: { ...ids, ...(await adminThings()) },
    references: {
      ...{ club_id: ids.clubs, card_id: ids.cards, reward_card_id: ids.cards, reward_id: ids.rewards },
      ...{ staff_id: ids.staff, member_identifier: ids.members },
    },
  };
}

async function adminKey(): Promise<string> {
  const { key } = await dataOf(adminApi()(createAdminKey, { body: { name: 'Fuzzing', preset: 'full' } }));
  return key!;
}

/** The keys that one member may have. */
async function memberKeys(first: string): Promise<string[]> {
  const member = apiOf({ 'x-agent-key': first });
  const more = await times(2, (n) =>
    dataOf(member(createMyKey, { body: { name: `Phone ${n}`, preset: 'full_access' } })),
  );
  return [first, ...more.map(({ key }) => key!)];
}

/** Partners and keys that an admin may change without taking away what the run itself stands on. */
async function adminThings() {
  const admin = adminApi();
  const partners = await times(OF_EACH, (n) =>
    dataOf(admin(createPartner, { body: { name: `Fuzzed ${n}`, email: 'office@example.com' } })),
  );
  const keys = await times(OF_EACH, (n) =>
    dataOf(admin(createAgentKey, { params: { id: partners[n]!.id }, body: { name: 'Fuzzed', preset: 'view_only' } })),
  );
  return { partners: idsOf(partners), 'agent-keys': idsOf(keys) };
}
