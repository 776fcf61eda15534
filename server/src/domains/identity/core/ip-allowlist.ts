/** From where a key may be used: addresses and ranges of IPv4 and IPv6. */
import { BlockList, isIP } from 'node:net';

const lists = new WeakMap<readonly string[], BlockList>();

/** Whether a key may be used from this address; one that is limited to addresses may not from an unknown one. */
export function mayUseFrom(key: { ipAllowlist: string[] | null }, ip: string | null): boolean {
  if (key.ipAllowlist === null) return true;
  const address = ip === null ? '' : plain(ip);
  const family = isIP(address);
  if (family === 0) return false;
  return listOf(key.ipAllowlist).check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** A socket that speaks both families shows an IPv4 address as ::ffff:203.0.113.7. */
function plain(ip: string): string {
  const [address = ''] = ip.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

/** Keys stay in memory with their list, so it is made once for each. */
function listOf(ranges: readonly string[]): BlockList {
  const known = lists.get(ranges);
  if (known) return known;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', length] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (length === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(length), family);
  }
  lists.set(ranges, list);
  return list;
}
