import { createAdminKey, createClub, createMemberKey, type Endpoint, type KeyRole } from '@punchcard/contracts';
import { adminApi, dataOf, givenKey, givenMember, givenPartner, running } from './given.ts';

export type Callers = Awaited<ReturnType<typeof givenCallers>>;

/** A partner with keys enough for hundreds of calls a minute: an agent key may be used a thousand times, a member's 120 times. */
export async function givenCallers() {
  const { agent, agentKey, partnerId, partnerHeaders, slug } = await givenPartner();
  await dataOf(agent(createClub, { body: { name: 'First' } }));
  const agentKeys = [agentKey];
  while (agentKeys.length < 5) agentKeys.push(await givenKey(partnerId, { preset: 'full' }));
  const memberKeys = new Map<string, Promise<string>>();
  const narrow = new Map<string, Promise<string>>();
  const once = (keys: Map<string, Promise<string>>, name: string, make: () => Promise<string>): Promise<string> => {
    const key = keys.get(name) ?? make();
    keys.set(name, key);
    return key;
  };

  /** Headers that open an endpoint. */
  async function opening({ id, dialect, role }: Endpoint): Promise<Record<string, string>> {
    if (role === 'public') return {};
    if (dialect === 'partner') return partnerHeaders;
    if (role === 'admin') return { 'x-agent-key': running().adminKey };
    if (role === 'member') {
      return { 'x-agent-key': await once(memberKeys, id, async () => (await givenMember(slug)).key) };
    }
    agentKeys.unshift(agentKeys.pop()!);
    return { 'x-agent-key': agentKeys[0]! };
  }

  const make: Record<KeyRole, (scope: string) => Promise<string>> = {
    partner: async (scope) => givenKey((await givenPartner()).partnerId, { scopes: [scope] }),
    admin: async (scope) => (await dataOf(adminApi()(createAdminKey, { body: { name: scope, scopes: [scope] } }))).key!,
    member: async (scope) => {
      const { id } = await givenMember(slug);
      const body = { name: scope, scopes: [scope] };
      return (await dataOf(adminApi()(createMemberKey, { params: { id }, body }))).key!;
    },
  };
  const withScope = (role: KeyRole, scope: string) => once(narrow, `${role} ${scope}`, () => make[role](scope));

  return { agentKey, opening, withScope };
}
