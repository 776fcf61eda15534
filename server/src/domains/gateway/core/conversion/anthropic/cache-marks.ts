/**
 * Marks of what Claude is to keep in its cache: https://docs.claude.com/en/docs/build-with-claude/prompt-caching. Callers of
 * OpenAI's dialect write them the same way.
 */
import { allowOnly, type Json, join, optionalRecord, readWord } from '../fields.ts';

/** `scope`: whose cache it is; not carried, as nothing of a mark changes the answer. */
const markFields = new Set(['type', 'ttl', 'scope']);

export function readCacheMark(block: Json, at: string): { cache?: '5m' | '1h' } {
  const mark = optionalRecord(block, 'cache_control', at);
  if (mark === undefined) return {};
  const markAt = join(at, 'cache_control');
  allowOnly(mark, markFields, markAt);
  readWord(mark.type, ['ephemeral'], join(markAt, 'type'));
  return { cache: readWord(mark.ttl ?? '5m', ['5m', '1h'], join(markAt, 'ttl')) };
}

/** As a member of a block; none where nothing is marked. */
export function cacheMark(cache: '5m' | '1h' | undefined): object {
  if (cache === undefined) return {};
  return {
    cache_control: cache === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' },
  };
}
