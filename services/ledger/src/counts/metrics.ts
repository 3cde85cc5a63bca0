import { Gauge } from 'prom-client';

export const uncountedEntries = new Gauge({
  name: 'punchcard_ledger_uncounted_entries',
  help: 'Entries that are in no kept count yet. Beyond some thousands lists are slower; beyond 20,000 they count everything.',
});
