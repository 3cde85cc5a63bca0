import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createAddressList } from './address-list.ts';

const NOBODY = '0.0.0.0';

/**
 * Reads the address of a client: the socket's or, if a trusted proxy holds the other end, the right-most address of
 * `X-Forwarded-For` that is not such a proxy. What stands left of it was written by the client and proves nothing.
 */
export function createAddressReader(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = trustedProxies.length > 0 ? createAddressList(trustedProxies) : null;
  return ({ socket, headers }) => {
    const direct = plain(socket.remoteAddress ?? NOBODY);
    const forwarded = headers['x-forwarded-for'];
    if (!isTrusted || forwarded === undefined || !isTrusted(direct)) return direct;
    let nearest = direct;
    for (const hop of String(forwarded).split(',').reverse()) {
      const address = plain(withoutPort(hop.trim()));
      if (isIP(address) === 0) return nearest;
      nearest = address;
      if (!isTrusted(address)) return address;
    }
    return nearest;
  };
}

/** A v4 address that a dual-stack socket shows as `::ffff:192.0.2.1` is the same client. */
const plain = (address: string): string => (/^::ffff:\d/i.test(address) ? address.slice('::ffff:'.length) : address);

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
const withoutPort = (hop: string): string =>
  /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');
