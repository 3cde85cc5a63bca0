import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { createAddressList, isAddressRange } from './address-list.ts';
import { createAddressReader } from './client-address.ts';

const requestFrom = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as IncomingMessage;

describe('createAddressReader', () => {
  const proxy = '10.1.2.3';
  it.each<[string, { trusted?: string[]; socket?: string; header: string; is: string }]>([
    ['the socket when nobody is trusted', { trusted: [], socket: '192.0.2.1', header: '203.0.113.9', is: '192.0.2.1' }],
    ['the socket when the peer is not trusted', { socket: '192.0.2.1', header: '203.0.113.9', is: '192.0.2.1' }],
    ['what a trusted proxy says', { socket: proxy, header: '203.0.113.9', is: '203.0.113.9' }],
    ['the right-most that is not trusted', { header: '1.1.1.1, 203.0.113.9, 10.9.9.9', is: '203.0.113.9' }],
    ['the farthest proxy when all are trusted', { header: '10.0.0.7, 10.0.0.8', is: '10.0.0.7' }],
    ['the last one that is an address', { header: 'unknown, 10.0.0.8', is: '10.0.0.8' }],
    ['the proxy itself when it wrote rubbish', { header: 'rubbish', is: proxy }],
    [
      'a v4 address out of a dual-stack socket',
      { socket: '::ffff:10.0.0.1', header: '203.0.113.9', is: '203.0.113.9' },
    ],
    ['an address without its port', { header: '203.0.113.9:4711', is: '203.0.113.9' }],
    [
      'a v6 address without its port',
      { trusted: ['::1'], socket: '::1', header: '[2001:db8::7]:47', is: '2001:db8::7' },
    ],
  ])('takes %s', (_name, { trusted = ['10.0.0.0/8'], socket = proxy, header, is }) => {
    expect(createAddressReader(trusted)(requestFrom(socket, header))).toBe(is);
  });

  it('takes the socket without the header', () => {
    expect(createAddressReader(['127.0.0.1'])(requestFrom('127.0.0.1'))).toBe('127.0.0.1');
  });
});

describe('createAddressList', () => {
  it('knows single addresses and ranges of both families', () => {
    const contains = createAddressList(['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', 'rubbish']);

    expect(['192.0.2.7', '10.255.0.1', '2001:db8::1'].map(contains)).toEqual([true, true, true]);
    expect(['192.0.2.8', '11.0.0.1', '2001:db9::1'].map(contains)).toEqual([false, false, false]);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', '::1/129', '1.2.3.4/', '1.2.3.4/8/8', 'host'])('refuses %s', (text) => {
    expect(isAddressRange(text)).toBe(false);
  });
});
