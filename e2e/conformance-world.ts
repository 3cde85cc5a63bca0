import { endpoints, updatePermissions, type Endpoint } from '@punchcard/contracts';
import { requests, type Row, type Valid, type World } from './conformance-requests.ts';
import { adminApi, anyAddress, dataOf, givenMember, givenPartner, givenProgramme, running } from './given.ts';
import { pathWith } from './matrix-cases.ts';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export type Send = (endpoint: Endpoint, valid: Valid, headers?: Record<string, string>) => Promise<Answered>;

const byId = new Map<string, Endpoint>(endpoints.map((endpoint) => [endpoint.id, endpoint]));

/** A partner with a programme, members, and room for keys; `send` calls with the key of the endpoint's role. */
export async function givenWorld(): Promise<World & { send: Send }> {
  const partner = await givenPartner();
  await dataOf(adminApi()(updatePermissions, { params: { id: partner.partnerId }, body: { agent_keys_limit: -1 } }));
  const programme = await givenProgramme(partner.agent);
  const [member, other] = [await givenMember(partner.slug), await givenMember(partner.slug)];
  const send = senderWith({
    admin: running().adminKey,
    member: member.key,
    partner: partner.agentKey,
    any: partner.agentKey,
  });
  const kept = new Map<string, Promise<Row>>();

  const world: World = {
    ...{ partner, programme, member, other },
    fresh: async (endpointId, changes = {}) => {
      const valid = await requests[endpointId]!(world);
      const { status, body } = await send(byId.get(endpointId)!, {
        ...valid,
        ...changes,
        ...(valid.body && { body: { ...valid.body, ...changes.body } }),
      });
      if (status >= 300) throw new Error(`${endpointId} answered ${status}: ${JSON.stringify(body)}`);
      return body['data'] as Row;
    },
    some: (endpointId) => {
      const known = kept.get(endpointId) ?? world.fresh(endpointId);
      kept.set(endpointId, known);
      return known;
    },
  };
  await world.fresh('agent.transactions.purchase', { body: { purchase_amount: 10_000 } });
  return { ...world, send };
}

const senderWith =
  (keys: Readonly<Record<string, string>>): Send =>
  async (endpoint, { params = {}, query = {}, body, headers: own }, headers) => {
    const search = new URLSearchParams(query).toString();
    const key = keys[endpoint.role];
    const response = await fetch(
      running().baseUrl + pathWith(endpoint, (name) => params[name] ?? '') + (search && `?${search}`),
      {
        method: endpoint.method,
        headers: {
          'x-forwarded-for': anyAddress(),
          ...(key && { 'x-agent-key': key }),
          ...(body && { 'content-type': 'application/json' }),
          ...own,
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
      },
    );
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
