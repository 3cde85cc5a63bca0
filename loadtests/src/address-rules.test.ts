import { describe, expect, it } from '@jest/globals';
import { refuseProduction } from './address-rules.ts';

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
