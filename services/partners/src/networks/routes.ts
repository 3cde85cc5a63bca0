import { reply, type Handlers, type listNetworks as endpoint } from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import { listNetworks } from './platform-store.ts';

export const networkHandlers = ({ sql }: { sql: Sql }): Handlers<typeof endpoint> => ({
  'agent.admin.networks.list': async ({ query }) => {
    const page = paginate(query);
    const { networks, total } = await listNetworks(sql, page);
    const data = networks.map(({ networkId, name, partnersCount, createdAt }) => ({
      id: networkId,
      name,
      partners_count: partnersCount,
      created_at: createdAt.toISOString(),
    }));
    return reply(data, { pagination: page.pagination(total) });
  },
});
