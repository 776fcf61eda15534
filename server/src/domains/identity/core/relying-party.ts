/** Who we are to browsers and passkeys: a passkey made for one name signs for no other. */
import { isIP } from 'node:net';

export interface RelyingParty {
  /** The host name; browsers take no address for it. */
  id: string;
  origin: string;
}

/** Undefined where browsers would refuse: without HTTPS (but on this machine), or at a bare address. */
export function relyingPartyOf(publicUrl: string): RelyingParty | undefined {
  const { protocol, hostname, origin } = new URL(publicUrl);
  if (isIP(hostname) !== 0 || hostname.startsWith('[')) return undefined;
  if (protocol !== 'https:' && hostname !== 'localhost') return undefined;
  return { id: hostname, origin };
}
