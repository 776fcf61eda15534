/** What of a network address says that two people may be one. */
import { isIP } from 'node:net';

export type SightingKind = 'address' | 'device';

/**
 * The network that an address stands for: the address itself, or of IPv6 the /64 that one household or server is given.
 * Undefined for what many share without knowing each other, or what says nothing: loopback, private and link-local
 * networks, which is how a proxy looks that is not trusted.
 */
export function networkOf(address: string | null): string | undefined {
  if (address === null) return undefined;
  const family = isIP(address);
  if (family === 4) return networkOfV4(address);
  if (family === 6) return networkOfV6(address);
  return undefined;
}

function networkOfV4(address: string): string | undefined {
  const [a = 0, b = 0] = address.split('.').map(Number);
  const isPrivate =
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168);
  return isPrivate ? undefined : address;
}

function networkOfV6(address: string): string | undefined {
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return networkOfV4([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  }
  const [first = 0] = groups;
  const isPublic = (first & 0xe000) === 0x2000;
  if (!isPublic) return undefined;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of an address, however it was written. */
function groupsOf(address: string): number[] {
  const [plain = ''] = address.split('%');
  const text = plain.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
}
