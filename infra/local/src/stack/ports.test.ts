import { describe, expect, it } from '@jest/globals';
import { defaultPorts, portVariable, portWishes, portsOf } from './ports.ts';

describe('portsOf', () => {
  it('takes the ports that the environment chooses and leaves the others alone', () => {
    expect(portsOf({ GATEWAY_PORT: '4100', KAFKA_CONTROLLER_PORT: '0', LEDGER_PORT: '', PATH: '/bin' })).toEqual({
      gateway: 4100,
      kafkaController: 0,
    });
  });

  it.each(['http', '65536', '-1', '80.5'])('refuses %s and names the variable', (text) => {
    expect(() => portsOf({ REDIS_PORT: text })).toThrow(/REDIS_PORT/);
  });
});

describe('portVariable', () => {
  it('is the name that the service itself reads', () => {
    expect(['ledger', 'kafkaController'].map((name) => portVariable(name as 'ledger'))).toEqual([
      'LEDGER_PORT',
      'KAFKA_CONTROLLER_PORT',
    ]);
  });
});

describe('portWishes', () => {
  it('asks for no port of a part that is given or runs in Docker', () => {
    const sources = { postgres: 'url', redis: 'native', kafka: 'docker' } as const;

    const wishes = portWishes(defaultPorts, sources, ['postgres', 'redis', 'kafka', 'kafkaController', 'ledger']);

    expect(wishes).toEqual([
      { owner: 'Redis', variable: 'REDIS_PORT', port: 63790 },
      { owner: 'ledger', variable: 'LEDGER_PORT', port: 4004 },
    ]);
  });
});
