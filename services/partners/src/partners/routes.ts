import {
  newId,
  notFound,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type createPartner as create,
  type deletePartner as remove,
  type getPartner,
  type getPermissions,
  type listPartners as list,
  type updatePartner as update,
  type updatePermissions,
} from '@punchcard/contracts';
import { isUniqueViolation, paginate, type Sql, type Tx } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { passwordHash } from '@punchcard/service-kit/passwords';
import { createPartner, slugTaken } from './create-partner.ts';
import { deletePartner } from './delete-partner.ts';
import { announcePartner } from './events.ts';
import { listPartners, type PartnerView } from './platform-views.ts';
import { updatePartner, type PartnerChange } from './update-partner.ts';

type Endpoints =
  | typeof list
  | typeof create
  | typeof getPartner
  | typeof update
  | typeof remove
  | typeof getPermissions
  | typeof updatePermissions;

export const partnerHandlers = ({ sql, writer }: { sql: Sql; writer: Writer }): Handlers<Endpoints> => ({
  'agent.admin.partners.list': async ({ query }) => {
    const page = paginate(query);
    const { network_id: networkId, search, tier, status } = query;
    const { partners, total } = await listPartners(sql, { networkId, search, tier, status }, page);
    return reply(partners.map(partnerData), { pagination: page.pagination(total) });
  },

  'agent.admin.partners.get': async ({ params }) => partnerData(await getView(sql, params.id)),

  'agent.admin.partners.create': async (call) => {
    const asked = await newPartner(call);
    const written = await writer.write(call.idempotency, async (tx) => {
      const partner = await createPartner(tx, asked);
      const { owner } = asked;
      const data = {
        ...partnerData(await getView(tx, partner.partnerId)),
        owner: owner && { id: owner.userId, name: owner.name, email: owner.email },
      };
      return { data, partnerId: partner.partnerId, events: [announcePartner(partner)] };
    });
    return reply(written.data, written);
  },

  'agent.admin.partners.update': async ({ params, body, now, idempotency }) => {
    const { time_zone: timeZone, ...rest } = body;
    const change = { ...rest, ...(timeZone === undefined ? {} : { timeZone }) } as PartnerChange;
    const write = writer.write(idempotency, async (tx) => {
      const { partner, changed } = await updatePartner(tx, { partnerId: params.id, change, now });
      const data = partnerData(await getView(tx, params.id));
      return { data, partnerId: params.id, events: changed ? [announcePartner(partner)] : [] };
    });
    const written = await write.catch(tellOfSlug(sql, body.slug));
    return reply(written.data, written);
  },

  'agent.admin.partners.delete': async ({ params, query, now, idempotency }) => {
    const written = await writer.write(idempotency, async (tx) => {
      const partner = await deletePartner(tx, { partnerId: params.id, confirm: query.confirm, now });
      return {
        data: { id: params.id, deleted: true as const },
        partnerId: params.id,
        events: [announcePartner(partner)],
      };
    });
    return reply(written.data, written);
  },

  'agent.admin.permissions.get': async ({ params }) => (await getView(sql, params.id)).gates,

  'agent.admin.permissions.update': async ({ params, body, now, idempotency }) => {
    const written = await writer.write(idempotency, async (tx) => {
      const change = Object.keys(body).length === 0 ? {} : { gates: body as PartnerChange['gates'] & object };
      const { partner, changed } = await updatePartner(tx, { partnerId: params.id, change, now });
      return { data: partner.gates, partnerId: params.id, events: changed ? [announcePartner(partner)] : [] };
    });
    return reply(written.data, written);
  },
});

/** A slug that was free when it was looked up, and that a faster change took: the index refused it, and ended the transaction. */
const tellOfSlug =
  (sql: Sql, slug: string | undefined) =>
  async (error: unknown): Promise<never> => {
    throw slug !== undefined && isUniqueViolation(error, 'partners_slug') ? await slugTaken(sql, slug) : error;
  };

async function getView(sql: Sql | Tx, partnerId: string): Promise<PartnerView> {
  const { partners } = await listPartners(sql, { partnerId }, { limit: 1, offset: 0 });
  const [partner] = partners;
  if (!partner) throw notFound('partner', partnerId);
  return partner;
}

async function newPartner({ body, now }: Call<typeof create>) {
  const { owner, permissions = {}, slug, phone = null, network = null, ...rest } = body;
  return {
    partnerId: newId(),
    name: rest.name,
    email: rest.email,
    slug,
    phone,
    network,
    tier: rest.tier ?? 'standard',
    status: rest.status ?? 'active',
    limited: rest.limited ?? false,
    currency: rest.currency ?? 'EUR',
    timeZone: rest.time_zone ?? 'UTC',
    locale: rest.locale ?? 'en_US',
    gates: permissions as PartnerChange['gates'] & object,
    owner: owner
      ? { userId: newId(), name: owner.name, email: owner.email, passwordHash: await passwordHash(owner.password) }
      : null,
    now,
  };
}

const partnerData = ({ usage, ...partner }: PartnerView): Answer<typeof getPartner> => ({
  id: partner.partnerId,
  name: partner.name,
  slug: partner.slug,
  email: partner.email,
  phone: partner.phone,
  tier: partner.tier,
  status: partner.status,
  limited: partner.limited,
  network: partner.networkId === null ? null : { id: partner.networkId, name: partner.networkName ?? '' },
  currency: partner.currency,
  time_zone: partner.timeZone,
  locale: partner.locale,
  permissions: partner.gates,
  usage: {
    clubs: usage['clubs'] ?? 0,
    cards: usage['cards'] ?? 0,
    rewards: usage['rewards'] ?? 0,
    stamp_cards: usage['stamp_cards'] ?? 0,
    vouchers: usage['vouchers'] ?? 0,
    staff: usage['staff'] ?? 0,
    members: usage['members'] ?? 0,
    agent_keys: usage['agent_keys'] ?? 0,
  },
  created_at: partner.createdAt.toISOString(),
  updated_at: partner.updatedAt.toISOString(),
});
