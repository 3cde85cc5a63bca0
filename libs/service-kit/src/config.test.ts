import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { env, loadConfig } from './config.ts';

const schema = z.object({ X_PORT: env.port(4_001), KAFKA_BROKERS: env.brokers, CALLER_SECRETS: env.callerSecrets });
const secret = 'long:enough with a colon and a space in it';

describe('loadConfig', () => {
  it('gives typed values and defaults', () => {
    const config = loadConfig(schema, { KAFKA_BROKERS: 'a:1, b:2', CALLER_SECRETS: `k1:${secret},k2:${secret}` });

    expect(config).toEqual({
      X_PORT: 4_001,
      KAFKA_BROKERS: ['a:1', 'b:2'],
      CALLER_SECRETS: [
        { kid: 'k1', secret },
        { kid: 'k2', secret },
      ],
    });
  });

  it('names every bad variable at once, and no value', () => {
    const load = () => loadConfig(schema, { X_PORT: '70000', CALLER_SECRETS: 'k1:too-short' });

    expect(load).toThrow(/X_PORT[\s\S]*KAFKA_BROKERS|KAFKA_BROKERS[\s\S]*X_PORT/);
    expect(load).toThrow(/CALLER_SECRETS/);
    expect(load).not.toThrow(/too-short|70000/);
  });
});
