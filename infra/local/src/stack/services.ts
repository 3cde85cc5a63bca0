import type { ServiceName } from '@punchcard/contracts';

type Needs = { database: boolean; redis: boolean; keyPepper: boolean; identifierPepper: boolean };

const nothing: Needs = { database: false, redis: false, keyPepper: false, identifierPepper: false };

/** What each service is given besides what all are given. A secret goes only to those that use it. */
export const needs: Record<ServiceName, Needs> = {
  partners: { ...nothing, database: true, redis: true, keyPepper: true },
  catalog: { ...nothing, database: true },
  members: { ...nothing, database: true, keyPepper: true, identifierPepper: true },
  ledger: { ...nothing, database: true, identifierPepper: true },
  analytics: { ...nothing, database: true },
  staff: { ...nothing, database: true },
  vouchers: { ...nothing, database: true, identifierPepper: true },
  gateway: { ...nothing, redis: true, keyPepper: true },
};

export const serviceNames = Object.keys(needs) as ServiceName[];

/** Services with a database of their own. */
export const databaseOwners = serviceNames.filter((name) => needs[name].database);
