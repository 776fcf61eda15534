/** Compares a chain with what it must be; the caller walks it in order of position. */
import { type ChainedEntry, chainStart, hashedText, sealedText } from './entry.ts';

export type ProblemKind =
  /** A field of the entry is not what was written. */
  | 'edited'
  /** One or more entries before this one are gone. */
  | 'removed'
  /** The entry does not follow the one before it. */
  | 'reordered'
  /** Entries at the end are gone, or all of them. */
  | 'truncated'
  /** An entry that the head does not know. */
  | 'added'
  /** The head itself is not what was written, or is gone. */
  | 'head_edited';

export interface Problem {
  chain: string;
  kind: ProblemKind;
  /** The entry at fault, where there is one. */
  id: string | null;
  position: bigint | null;
}

export interface Head {
  chain: string;
  entries: bigint;
  hash: string;
  seal: string;
}

/** A keyed hash: without the deployment's secret nobody can write one. */
export type Mac = (text: string) => string;

export interface ChainCheck {
  /** Takes the next entry. */
  see(entry: ChainedEntry): void;
  /** All that is wrong with the chain, once every entry was seen. */
  finish(): Problem[];
}

export function checkChain(chain: string, head: Head | undefined, mac: Mac): ChainCheck {
  const problems: Problem[] = [];
  let expected = 1n;
  let previousHash = chainStart;
  const report = (kind: ProblemKind, entry?: ChainedEntry) =>
    problems.push({ chain, kind, id: entry?.id ?? null, position: entry?.position ?? null });

  return {
    see(entry) {
      const isGap = entry.position > expected;
      if (isGap) report('removed', entry);
      if (mac(hashedText(entry)) !== entry.hash) report('edited', entry);
      else if (!isGap && entry.previousHash !== previousHash) report('reordered', entry);
      if (head && entry.position > head.entries) report('added', entry);
      expected = entry.position + 1n;
      previousHash = entry.hash;
    },
    finish() {
      const seen = expected - 1n;
      if (!head || mac(sealedText(head)) !== head.seal) report('head_edited');
      else if (seen < head.entries) report('truncated');
      else if (seen === head.entries && previousHash !== head.hash) report('head_edited');
      return problems;
    },
  };
}
