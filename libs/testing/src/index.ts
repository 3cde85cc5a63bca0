export {
  adminCaller,
  givenCallerPartner,
  officeCaller,
  memberCaller,
  partnerCaller,
  publicCaller,
  testSecrets,
} from './callers.ts';
export { createTestDatabase, type TestDatabase } from './database.ts';
export { endAll } from './end-all.ts';
export { scannedTables, tablesRead } from './scanned-tables.ts';
export { beyond, scansOf, type Scan } from './scans.ts';
export { senderTo, type Answered, type Send, type Sending } from './send.ts';
export { startOwning, type Own } from './start-owning.ts';
export { createTestTopics, type Published } from './topics.ts';
export { vacuum } from './vacuum.ts';
export { waitFor } from './wait-for.ts';
export { freePort, startParts } from '@punchcard/local';
