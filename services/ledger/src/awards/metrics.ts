import type { Sql } from '@punchcard/database';
import { Gauge } from 'prom-client';
import { countOwed } from './platform-owed.ts';

const owedAwards = new Gauge({
  name: 'punchcard_ledger_owed_awards',
  help: 'Awards that events made owed and that are not booked: waiting, or refused for good and left to an operator.',
  labelNames: ['state'],
});

export async function measureOwed(sql: Sql): Promise<void> {
  const { waiting, refused } = await countOwed(sql);
  owedAwards.set({ state: 'waiting' }, waiting);
  owedAwards.set({ state: 'refused' }, refused);
}
