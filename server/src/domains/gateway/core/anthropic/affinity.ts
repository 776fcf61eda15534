/** Which calls should meet the same upstream account: it holds the cache that they wrote. */
import { createHash } from 'node:crypto';
import { type Body, readField } from '../body.ts';
import { isRecord } from '../json.ts';

const cacheMark = Buffer.from('"cache_control"');
/** Enough of a prefix to tell applications apart. */
const prefixBytesMax = 4096;

/** The user or session that the caller names; else the beginning of what is cached; else nothing. */
export function affinityOf(body: Body): string | undefined {
  const metadata = readField(body, 'metadata');
  const user = isRecord(metadata) ? metadata.user_id : undefined;
  if (typeof user === 'string' && user !== '') return digest([Buffer.from(user)]);
  if (body.bytes.indexOf(cacheMark) < 0) return undefined;
  const prefix = ['tools', 'system', 'messages'].flatMap((name) => {
    const member = body.members.get(name);
    if (member === undefined) return [];
    return [body.bytes.subarray(member.start, Math.min(member.end, member.start + prefixBytesMax))];
  });
  // The first message tells conversations apart only where nothing stands before it.
  return digest(prefix.length > 1 ? prefix.slice(0, -1) : prefix);
}

function digest(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url').slice(0, 22);
}
