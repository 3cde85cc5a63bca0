import { describe, expect, it } from '@jest/globals';
import { brokerProperties } from './kafka.ts';

describe('brokerProperties', () => {
  const lines = brokerProperties({ port: 19092, controllerPort: 19093, data: '/data' }).split('\n');

  it('listens on the loopback address only', () => {
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093');
  });

  it('makes no topic by a typo', () => {
    expect(lines).toContain('auto.create.topics.enable=false');
  });
});
