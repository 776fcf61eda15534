/** Remembers beginnings of prompts for five minutes or an hour, each account its own. */
import type { CachedPrefix } from './anthropic-prompt.ts';

export interface CacheFigures {
  read: number;
  written: number;
  written1h: number;
}

const KEPT_MS = 5 * 60_000;
const KEPT_LONG_MS = 60 * 60_000;
const PREFIXES_MAX = 1_000;

export function createPromptCache(nowMs: () => number = Date.now) {
  const untilByPrefix = new Map<string, number>();
  return {
    /** What a call of that account reads and writes; reading keeps it for as long again. */
    use(keyLabel: string, prefix: CachedPrefix | undefined): CacheFigures {
      if (prefix === undefined) return { read: 0, written: 0, written1h: 0 };
      const name = `${keyLabel}/${prefix.digest}`;
      const now = nowMs();
      const isKept = (untilByPrefix.get(name) ?? 0) > now;
      untilByPrefix.delete(name);
      const oldest = untilByPrefix.keys().next();
      if (untilByPrefix.size >= PREFIXES_MAX && !oldest.done) untilByPrefix.delete(oldest.value);
      untilByPrefix.set(name, now + (prefix.isKeptAnHour ? KEPT_LONG_MS : KEPT_MS));
      const { tokens } = prefix;
      if (isKept) return { read: tokens, written: 0, written1h: 0 };
      return { read: 0, written: tokens, written1h: prefix.isKeptAnHour ? tokens : 0 };
    },
  };
}

export type PromptCache = ReturnType<typeof createPromptCache>;
