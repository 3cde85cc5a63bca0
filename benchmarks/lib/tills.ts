import { connect } from '@punchcard/database';
import { databaseUrlOf, type Stack } from '@punchcard/local';
import { waitFor } from '@punchcard/testing';
import { createHouse, type House, type TestPartner } from '../../loadtests/src/house.ts';
import type { Buyer } from './buyers.ts';
import { addMembers } from './ledger-data.ts';
import { makeAdminKey } from './stack.ts';

const keysOfPartner = 10;
const membersOfPartner = 500;
/** Of the enterprise plan; some are used up while it is prepared. */
const callsOfPartner = 9_900;

export interface Tills {
  /** One for each key: a key may 1,000 calls a minute, a partner 10,000 an hour. */
  buyers: Buyer[];
  partners: TestPartner[];
  house: House;
}

/**
 * Partners, keys and cards made by the front door, as many as the calls need, since no switch turns a limit off. Members are put
 * into the ledger's copy at once: a thousand of them would else join for minutes.
 */
export async function openTills(stack: Stack, { calls, pairs = 0 }: { calls: number; pairs?: number }): Promise<Tills> {
  process.stderr.write('  making partners, keys and members\n');
  const adminKey = await makeAdminKey(stack);
  const partnersUrl = stack.urls.partners;
  const house = createHouse(
    {
      ...{ baseUrl: stack.baseUrl, adminKey, secondUrl: undefined, stack: stack.facts },
      partners: { url: partnersUrl, callerSecrets: stack.facts.secrets.callerSecrets },
    },
    () => {},
  );
  const sql = connect(databaseUrlOf('ledger', stack.facts), { poolMax: 1, statementTimeoutMs: 60_000 });
  const partners: TestPartner[] = [];
  const buyers: Buyer[] = [];
  for (let n = 0; n < Math.ceil(calls / callsOfPartner); n++) {
    const partner = await house.partner({ tier: 'enterprise', agentKeys: keysOfPartner, pairs, members: 0 });
    partners.push(partner);
    const { id: partnerId, cardId, agentKeys } = partner;
    const find = async () =>
      (
        await sql<
          { clubId: string }[]
        >`select club_id from cards where partner_id = ${partnerId} and card_id = ${cardId}`
      )[0];
    const { clubId } = await waitFor("the card in the ledger's copy", find, 20_000);
    const members = await addMembers(sql, { partnerId, cardId, clubId }, membersOfPartner);
    buyers.push(...agentKeys.map((value) => ({ header: 'x-agent-key', value, cardId, members })));
  }
  await sql.end();
  return { buyers, partners, house };
}
