/**
 * Google caches what calls begin with, per account: calls that share it should meet the same one.
 * https://ai.google.dev/gemini-api/docs/caching
 */
import type { Member } from '../json-members.ts';

const bytesMax = 1024;

/** A hint from how the prompt begins: instructions and tools, or else the first content. */
export function affinityOf(
  bytes: Buffer,
  members: ReadonlyMap<string, Member>,
): string | undefined {
  const shared = [members.get('systemInstruction'), members.get('tools')].filter((one) => !!one);
  const first = members.get('contents');
  const begins = shared.length > 0 ? shared : first ? [first] : [];
  if (begins.length === 0) return undefined;
  let hash = 0x811c9dc5;
  for (const { start, end } of begins) {
    const last = Math.min(end, start + bytesMax);
    for (let at = start; at < last; at += 1) {
      hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    }
  }
  return (hash >>> 0).toString(36);
}
