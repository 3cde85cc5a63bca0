import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import { punchcard } from './lint-rules.js';

const linter = new Linter();
const rulesBrokenBy = (code: string, file: string): string[] =>
  linter
    .verify(
      code,
      [
        {
          files: ['**/*.ts'],
          plugins: { punchcard },
          rules: {
            'punchcard/sql-in-stores': 'error',
            'punchcard/sql-names-partner': 'error',
            'punchcard/disable-with-reason': 'error',
          },
        },
      ],
      file,
    )
    .map(({ ruleId }) => String(ruleId).replace('punchcard/', ''));

describe('sql-in-stores', () => {
  it.each(['store.ts', 'lot-store.ts', 'views.ts', 'card-views.ts', 'platform-keys.ts'])('lets %s hold SQL', (name) => {
    expect(rulesBrokenBy('tx`select 1 from cards where partner_id = ${id}`', name)).toEqual([]);
  });

  it.each(['routes.ts', 'buy.ts', 'rules.ts', 'restore.ts'])('lets %s hold none', (name) => {
    expect(rulesBrokenBy('sql`select 1 from cards where partner_id = ${id}`', name)).toEqual(['sql-in-stores']);
  });

  it('knows fragments and other templates from statements', () => {
    expect(rulesBrokenBy('html`select one`; tx`and status = ${status}`', 'routes.ts')).toEqual([]);
  });
});

describe('sql-names-partner', () => {
  it.each([
    'tx`update cards set name = ${name} where card_id = ${id}`',
    'tx`insert into cards (card_id) values (${id})`',
    'sql`with found as (select 1) select * from found`',
  ])('refuses %s', (code) => {
    expect(rulesBrokenBy(code, 'store.ts')).toEqual(['sql-names-partner']);
  });

  it.each([
    'tx`delete from cards where partner_id = ${id}`',
    'tx`insert into cards ${tx(row)} on conflict do nothing`',
  ])('lets %s pass', (code) => {
    expect(rulesBrokenBy(code, 'store.ts')).toEqual([]);
  });

  it('exempts what belongs to the platform', () => {
    expect(rulesBrokenBy('sql`select id from outbox`', 'platform-outbox.ts')).toEqual([]);
  });
});

describe('disable-with-reason', () => {
  it('asks why a rule is off', () => {
    expect(rulesBrokenBy('// eslint-disable-next-line no-console\nf();', 'a.ts')).toContain('disable-with-reason');
    expect(rulesBrokenBy('// eslint-disable-next-line no-console -- a command\nf();', 'a.ts')).not.toContain(
      'disable-with-reason',
    );
  });
});
