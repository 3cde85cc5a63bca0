import type { Caller } from '@punchcard/contracts';
import { getPartner, partnerGates } from '@punchcard/contracts';
import { createInternalClient, env, systemCaller } from '@punchcard/service-kit';
import type { InternalClient } from '@punchcard/service-kit';
import type { Folders } from '../folders.ts';
import type { Note, Work } from '../progress.ts';
import { clusterOf } from '../stack/databases.ts';
import { urlOf } from '../stack/environment.ts';
import type { StackFacts } from '../stack/environment.ts';
import { serviceNames } from '../stack/services.ts';
import type { PartnerCredentials } from '../state/credentials.ts';
import { docsUrlOf, readCredentials, writeCredentials } from '../state/credentials.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';
import { awaitAnalytics, bookedPoints } from './await-analytics.ts';
import { historyOf } from './history.ts';
import { membersOf } from './members.ts';
import { programmes } from './programmes.ts';
import type { Programme } from './programmes.ts';
import { makeCatalog } from './seed-catalog.ts';
import { sendHistory, sendMembers } from './seed-history.ts';
import { adminKeyOf, partnerWithKeys } from './seed-keys.ts';
import { makeStamps } from './seed-stamps.ts';
import { makeVouchers } from './seed-vouchers.ts';
import { loadSeedState } from './state.ts';
import type { SeedProgress } from './state.ts';

export type SeedTarget = { folders: Folders; facts(): StackFacts };

type Tools = { admin: Api; internal: InternalClient; progress: SeedProgress; baseUrl: string; note: Note };

const internalClient = ({ ports, secrets }: StackFacts): InternalClient =>
  createInternalClient({
    baseUrls: Object.fromEntries(serviceNames.map((name) => [name, urlOf(name, ports)])),
    callerSecrets: env.callerSecrets.parse(secrets.callerSecrets),
    self: 'gateway',
    // A chunk of the history takes longer than a service may let another wait.
    timeoutMs: 120_000,
  });

/** Imports are made in the name of the partner, as a service would make them. */
const callerFor = async (id: string, admin: Api): Promise<Caller> => {
  const partner = await admin.call(getPartner, { params: { id } });
  const { name, slug, tier: plan, currency, time_zone, locale, permissions } = partner;
  const gates = partnerGates.parse(permissions);
  return systemCaller({ partner: { id, name, slug, plan, currency, time_zone, locale, gates } });
};

const seedPartner = async (programme: Programme, tools: Tools): Promise<PartnerCredentials> => {
  const { admin, internal, progress, baseUrl } = tools;
  const { run, anchor: end } = progress.state;
  const note: Note = (text) => tools.note(`${programme.name}: ${text}`);
  const anchor = new Date(end);
  note('partner and keys');
  const credentials = await partnerWithKeys(programme, { admin, internal, progress });
  const api = createApi(baseUrl, { 'x-agent-key': credentials.agent_key });
  try {
    note('clubs, staff, cards, tiers and rewards');
    const ids = await makeCatalog(programme, { api, run, anchor });
    const caller = await callerFor(credentials.id, admin);
    const members = membersOf(programme, anchor);
    await sendMembers(members, { internal, caller, note });
    await sendHistory(historyOf({ programme, members, ids, anchor }), { internal, caller, note });
    note('a stamp card and some stamps');
    await makeStamps(programme, { api, run, members, clubId: ids.clubs[0]!, cardId: ids.cards[0]! });
    note('vouchers');
    await makeVouchers({ api, run, anchor, clubId: ids.clubs[0]!, cardId: ids.cards[0]! });
    return credentials;
  } finally {
    await api.close();
  }
};

const seedAll = async (target: SeedTarget, progress: SeedProgress, note: Note): Promise<void> => {
  const facts = target.facts();
  const baseUrl = urlOf('gateway', facts.ports);
  const internal = internalClient(facts);
  let admin: Api | undefined;
  try {
    const adminKey = await adminKeyOf(internal, progress);
    admin = createApi(baseUrl, { 'x-agent-key': adminKey });
    const partners: PartnerCredentials[] = [];
    for (const programme of programmes) {
      partners.push(await seedPartner(programme, { admin, internal, progress, baseUrl, note }));
    }
    note('analytics catches up');
    const booked = await bookedPoints(internal);
    for (const [index, { members }] of programmes.entries()) {
      const partner = partners[index]!;
      const points = booked.get(partner.id) ?? { issued: 0, redeemed: 0 };
      await awaitAnalytics(baseUrl, partner, { customers: members.count, ...points });
    }
    writeCredentials(target.folders.credentials, {
      base_url: baseUrl,
      docs_url: docsUrlOf(baseUrl),
      console_url: null,
      partners,
      admin_key: adminKey,
    });
    progress.save({ isDone: true });
  } finally {
    await admin?.close();
    await internal.close();
  }
};

/** The ports may have changed since the keys were made, and a page may have come. */
const refreshUrls = ({ folders, facts }: SeedTarget): void => {
  const credentials = readCredentials(folders.credentials);
  const baseUrl = urlOf('gateway', facts().ports);
  const docsUrl = docsUrlOf(baseUrl);
  if (credentials && (credentials.base_url !== baseUrl || credentials.docs_url !== docsUrl)) {
    writeCredentials(folders.credentials, { ...credentials, base_url: baseUrl, docs_url: docsUrl });
  }
};

/** Loads the sample data unless this database has them; goes on where an interrupted attempt stopped. */
export const seedOnce = (target: SeedTarget): Work => ({
  title: 'Sample data',
  run: async (note) => {
    const progress = loadSeedState(target.folders.seeded, await clusterOf(target.facts().postgresUrl));
    if (progress.state.isDone) {
      refreshUrls(target);
      return 'loaded earlier';
    }
    await seedAll(target, progress, note);
    return 'three partners with a year of history';
  },
});
