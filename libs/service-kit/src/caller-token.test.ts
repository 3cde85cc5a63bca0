import { describe, expect, it } from '@jest/globals';
import { jwtVerify, SignJWT } from 'jose';
import type { Caller } from '@punchcard/contracts';
import { systemCaller } from './caller-context.ts';
import { signCaller, signRequest, verifyCaller } from './caller-token.ts';

const old = { kid: 'old', secret: 'the secret that is on its way out' };
const young = { kid: 'young', secret: 'the secret that has just come in' };
const call = { audience: 'ledger', method: 'POST', path: '/internal/cards/1/close' };
const caller: Caller = systemCaller({ requestId: 'r-1' });
const bytes = ({ secret }: { secret: string }) => new TextEncoder().encode(secret);

describe('a caller token', () => {
  it('says who calls', () => {
    expect(verifyCaller(signCaller(caller, call, [young]), call, [young])).toEqual(caller);
  });

  it('survives the rotation of a secret', () => {
    const token = signCaller(caller, call, [old]);

    expect(verifyCaller(token, call, [young, old])).toEqual(caller);
    expect(() => verifyCaller(token, call, [young])).toThrow(expect.objectContaining({ code: 'AUTH_INVALID_KEY' }));
  });

  it('is good for 30 s, and 5 s more for clocks that differ', () => {
    const now = new Date('2026-03-08T09:15:00Z');
    const token = signCaller(caller, { ...call, now }, [young]);
    const after = (ms: number) => ({ ...call, now: new Date(now.getTime() + ms) });

    expect(verifyCaller(token, after(35_000), [young])).toEqual(caller);
    expect(() => verifyCaller(token, after(36_000), [young])).toThrow();
  });

  it('is read by another implementation of JWS', async () => {
    const token = signCaller(caller, call, [young]);

    const { payload, protectedHeader } = await jwtVerify(token, bytes(young), {
      audience: 'ledger',
      algorithms: ['HS256'],
    });

    expect(protectedHeader).toEqual({ alg: 'HS256', kid: 'young' });
    expect(payload).toMatchObject({ htm: 'POST', htu: call.path, caller: { request_id: 'r-1' } });
  });

  it('may be made by another implementation of JWS', async () => {
    const token = await new SignJWT({ caller, htm: call.method, htu: call.path })
      .setProtectedHeader({ alg: 'HS256', kid: 'young' })
      .setAudience('ledger')
      .setExpirationTime('30s')
      .sign(bytes(young));

    expect(verifyCaller(token, call, [young])).toEqual(caller);
  });

  it('is refused when any of its characters is changed', () => {
    const token = signCaller(caller, call, [young]);
    // The last character of a base64url part may carry bits that nobody reads.
    const ends = new Set([token.indexOf('.') - 1, token.lastIndexOf('.') - 1, token.length - 1]);

    for (let n = 0; n < token.length; n += 1) {
      if (ends.has(n)) continue;
      const changed = token.slice(0, n) + (token[n] === 'A' ? 'B' : 'A') + token.slice(n + 1);
      expect(() => verifyCaller(changed, call, [young])).toThrow();
    }
  });

  it.each(['a', 'ab', 'abc', 'Çafé "Zürich" \\ 日本'])(
    'of a caller whose name is %s is the same for each of its requests',
    async (name) => {
      const { request_id: id, ip: _ip, ...rest } = caller;
      const standing = { ...rest, key_name: name };
      for (const request of [
        { request_id: id, ip: '192.0.2.1' },
        { request_id: 'r-2', ip: null },
      ]) {
        const token = signRequest(standing, { ...call, request }, [young]);

        expect(verifyCaller(token, call, [young])).toEqual({ ...standing, ...request });
        const { payload } = await jwtVerify(token, bytes(young), { audience: 'ledger', algorithms: ['HS256'] });
        expect(payload).toMatchObject({ htu: call.path, caller: request });
      }
    },
  );

  it('cannot be signed without a secret', () => {
    expect(() => signCaller(caller, call, [])).toThrow('no secret');
  });
});
