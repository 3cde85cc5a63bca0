import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whether an address is in a list of addresses and CIDR ranges. */
export type AddressList = (address: string) => boolean;

const bitsOf = (address: string): number => (isIPv4(address) ? 32 : 128);

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsOf(address));
}

/** Ranges that are none are left out: they fit nobody. */
export function createAddressList(ranges: readonly string[]): AddressList {
  const list = new BlockList();
  for (const range of ranges.filter(isAddressRange)) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, bits === undefined ? bitsOf(address) : Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
