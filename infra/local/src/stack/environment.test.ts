import { describe, expect, it } from '@jest/globals';
import { databaseUrlOf, environmentOf } from './environment.ts';
import { defaultPorts } from './ports.ts';
import { serviceNames } from './services.ts';

const facts = {
  ports: defaultPorts,
  secrets: { postgresPassword: 'p', callerSecrets: 'k1:s', keyPepper: 'kp', identifierPepper: 'ip' },
  postgresUrl: 'postgres://postgres:p@127.0.0.1:54320/postgres',
  redisUrl: 'redis://127.0.0.1:63790',
  kafkaBrokers: '127.0.0.1:19092',
  prefix: 'punchcard',
};

describe('environmentOf', () => {
  it('gives the ledger its database, the brokers, its pepper and the addresses of the others', () => {
    expect(environmentOf('ledger', facts)).toEqual({
      LEDGER_PORT: '4004',
      LEDGER_HOST: '127.0.0.1',
      LEDGER_DATABASE_URL: 'postgres://postgres:p@127.0.0.1:54320/punchcard_ledger',
      KAFKA_BROKERS: '127.0.0.1:19092',
      KAFKA_TOPIC_PREFIX: 'punchcard',
      CALLER_SECRETS: 'k1:s',
      IDENTIFIER_PEPPER: 'ip',
      GATEWAY_URL: 'http://127.0.0.1:4000',
      PARTNERS_URL: 'http://127.0.0.1:4001',
      CATALOG_URL: 'http://127.0.0.1:4002',
      MEMBERS_URL: 'http://127.0.0.1:4003',
      ANALYTICS_URL: 'http://127.0.0.1:4005',
      STAFF_URL: 'http://127.0.0.1:4006',
      VOUCHERS_URL: 'http://127.0.0.1:4007',
    });
  });

  it('gives no service the database of another', () => {
    const urls = serviceNames.map((name) =>
      Object.keys(environmentOf(name, facts)).filter((variable) => variable.endsWith('_DATABASE_URL')),
    );

    expect(urls).toEqual(
      serviceNames.map((name) => (name === 'gateway' ? [] : [`${name.toUpperCase()}_DATABASE_URL`])),
    );
  });
});

describe('databaseUrlOf', () => {
  it('keeps what a given URL says about the connection', () => {
    const postgresUrl = 'postgres://app:secret@db.example:5432/postgres?sslmode=require';

    expect(databaseUrlOf('members', { ...facts, postgresUrl })).toBe(
      'postgres://app:secret@db.example:5432/punchcard_members?sslmode=require',
    );
  });
});
