import { identifierCandidates, identifierHash } from '@punchcard/service-kit';
import type { Candidate } from '../booking/rules.ts';

/** What a text may mean, in the order in which it is tried. */
export type Identify = (partnerId: string, text: string) => Candidate[];

/** An id is looked up as it is; every other kind by the keyed hash that `members` announces. */
export const createIdentify =
  (pepper: string): Identify =>
  (partnerId, text) =>
    identifierCandidates(text).map(({ kind, value }) => ({
      kind,
      identifier: kind === 'id' ? value : identifierHash(pepper, partnerId, { kind, value }),
    }));

/** One member, by its id. */
export const byId = (memberId: string): Candidate[] => [{ kind: 'id', identifier: memberId }];
