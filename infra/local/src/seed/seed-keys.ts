import { randomBytes } from 'node:crypto';
import { bootstrapAdminKey, createAgentKey, createApiKeyPair, createPartner } from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import type { InternalClient } from '@punchcard/service-kit';
import type { PartnerCredentials } from '../state/credentials.ts';
import type { Api } from './api.ts';
import type { Programme } from './programmes.ts';
import type { SeedProgress } from './state.ts';

/** The key with which everything else is made. */
export const adminKeyOf = async (internal: InternalClient, progress: SeedProgress): Promise<string> => {
  if (progress.state.adminKey) return progress.state.adminKey;
  const { key } = await internal.call(bootstrapAdminKey, { body: { name: 'Local administrator' } });
  progress.save({ adminKey: key });
  return key;
};

/** Makes the partner with its owner; a repeat finds the same. */
const partnerIdOf = async (programme: Programme, admin: Api, progress: SeedProgress): Promise<string> => {
  const { name, slug, tier, currency, timeZone, locale, owner } = programme;
  const password = await progress.secret(slug, 'password', async () => randomBytes(9).toString('base64url'));
  return progress.secret(slug, 'id', async () => {
    const { id } = await admin.call(createPartner, {
      idempotencyKey: `${progress.state.run}-${slug}`,
      body: {
        name,
        slug,
        tier,
        currency,
        locale,
        time_zone: timeZone,
        email: owner.email,
        owner: { ...owner, password },
      },
    });
    return id;
  });
};

const presets = {
  agent_key: ['Management', 'full'],
  view_only_key: ['Reports', 'view_only'],
  pos_key: ['Till 1', 'point_of_sale'],
} as const;

const agentKeyOf = (
  { admin, progress }: { admin: Api; progress: SeedProgress },
  partner: { id: string; slug: string },
  kind: keyof typeof presets,
): Promise<string> =>
  progress.secret(partner.slug, kind, async () => {
    const [name, preset] = presets[kind];
    // An answer that was lost cannot be had again: its replay has no secret. Then the next key is made.
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { key } = await admin.call(createAgentKey, {
        idempotencyKey: `${progress.state.run}-${partner.slug}-${kind}-${attempt}`,
        params: { id: partner.id },
        body: { name, preset },
      });
      if (key) return key;
    }
    throw new Error(`The key "${name}" of ${partner.slug} was made, but its text was lost`);
  });

/** Makes the partner and all its keys. */
export const partnerWithKeys = async (
  programme: Programme,
  { admin, internal, progress }: { admin: Api; internal: InternalClient; progress: SeedProgress },
): Promise<PartnerCredentials> => {
  const { name, slug, tier, owner } = programme;
  const id = await partnerIdOf(programme, admin, progress);
  const partner = { id, slug };
  const pair = async () => {
    const caller = systemCaller({ partnerId: id });
    const made = await internal.call(createApiKeyPair, { caller, body: { partner_id: id, name: 'Reporting' } });
    return `${made.api_key} ${made.api_secret}`;
  };
  const agentKey = await agentKeyOf({ admin, progress }, partner, 'agent_key');
  const viewOnlyKey = await agentKeyOf({ admin, progress }, partner, 'view_only_key');
  const posKey = await agentKeyOf({ admin, progress }, partner, 'pos_key');
  const [apiKey = '', apiSecret = ''] = (await progress.secret(slug, 'pair', pair)).split(' ');
  return {
    name,
    ...{ id, slug, tier },
    agent_key: agentKey,
    view_only_key: viewOnlyKey,
    pos_key: posKey,
    api_key: apiKey,
    api_secret: apiSecret,
    email: owner.email,
    password: progress.state.secrets[slug]?.['password'] ?? '',
  };
};
