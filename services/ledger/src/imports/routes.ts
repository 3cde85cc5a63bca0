import { partnerIdOf, type Handlers, type importTransactions } from '@punchcard/contracts';
import { importTransactions as importRows } from './import-transactions.ts';

type Deps = Parameters<typeof importRows>[0];

export const importHandlers = (deps: Deps): Handlers<typeof importTransactions> => ({
  'internal.transactions.import': ({ body, caller, now }) =>
    importRows(deps, { partnerId: partnerIdOf(caller), rows: body.rows, now }),
});
