import { describe, expect, it } from '@jest/globals';
import { addressOf, chooseTarget, refuseProduction } from './address-rules.ts';

describe('refuseProduction', () => {
  it.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://127.1.2.3', 'http://[::1]:4000'])(
    'lets this machine be loaded: %s',
    (baseUrl) => {
      expect(() => refuseProduction(baseUrl, {})).not.toThrow();
    },
  );

  it.each([
    'https://api.example.com',
    'http://10.0.0.7:4000',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1@example.com',
    'http://0.0.0.0:4000',
  ])('refuses every other address: %s', (baseUrl) => {
    expect(() => refuseProduction(baseUrl, {})).toThrow('is not this machine');
  });

  it('lets another address be loaded when somebody has said so', () => {
    expect(() => refuseProduction('https://api.example.com', { staging: true })).not.toThrow();
    expect(() => refuseProduction('https://api.example.com', { allowProduction: true })).not.toThrow();
  });
});

describe('addressOf', () => {
  it('leaves out slashes at the end', () => {
    expect(addressOf('https://api.example.com//')).toBe('https://api.example.com');
  });

  it.each(['', 'api.example.com', 'localhost:4000', 'ftp://localhost'])('refuses what is none: "%s"', (text) => {
    expect(() => addressOf(text)).toThrow('is no address');
  });
});

describe('chooseTarget', () => {
  const local = { baseUrl: 'http://127.0.0.1:4000', adminKey: 'local', isNamed: false };

  it('takes the file as it is', () => {
    expect(chooseTarget({}, local)).toEqual({ baseUrl: 'http://127.0.0.1:4000', adminKey: 'local' });
  });

  it('prefers what was given', () => {
    const given = { baseUrl: 'https://api.example.com/', adminKey: 'theirs' };
    expect(chooseTarget(given, local)).toEqual({ baseUrl: 'https://api.example.com', adminKey: 'theirs' });
  });

  it('sends the key of this machine to no other address', () => {
    expect(chooseTarget({ baseUrl: 'https://api.example.com' }, local).adminKey).toBeUndefined();
    expect(chooseTarget({ baseUrl: 'http://localhost:4010' }, local).adminKey).toBe('local');
  });

  it('sends the key of a file that was named to whatever address was given with it', () => {
    const file = { adminKey: 'staging', isNamed: true };
    expect(chooseTarget({ baseUrl: 'https://api.example.com' }, file).adminKey).toBe('staging');
  });

  it('has none where nothing was said', () => {
    expect(chooseTarget({ adminKey: 'theirs' }, { isNamed: false })).toEqual({});
  });
});
