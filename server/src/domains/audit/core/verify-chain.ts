/** Compares a chain with what it must be; the caller walks it in order of position. */
import {
  type ChainedEntry,
  chainStart,
  isAsWritten,
  isErased,
  type Mac,
  parts,
  sealedText,
} from './entry.ts';
import { trackMissing } from './person.ts';

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
  | 'head_edited'
  /** A part that tells of a person is gone, and no entry says that it was erased. */
  | 'part_missing'
  /** The chain is gone with its head; an anchor knows it. */
  | 'chain_removed'
  /** The chain is not the one that an anchor has noted. */
  | 'chain_replaced'
  /** The note where a chain goes on behind its archive is not what was written. */
  | 'start_edited'
  /** An anchor in the database is not what was written, or is gone. */
  | 'anchor_edited'
  /** The file of anchors knows one that the database does not: it was put back to an older copy. */
  | 'anchor_removed'
  /** A line of the file of anchors is not what was written. */
  | 'anchor_file_edited'
  /** There are anchors, and no file of them. */
  | 'anchor_file_missing'
  /** The file of an archived month, or its manifest, is gone. */
  | 'archive_missing'
  /** The file of an archived month is not what was written. */
  | 'archive_edited'
  /** A manifest is not what was written, or not in its place. */
  | 'manifest_edited';

export interface Problem {
  /** Null for what is not of one chain: a file, an anchor. */
  chain: string | null;
  kind: ProblemKind;
  /** The entry at fault, where there is one; or the file, or the number of the anchor. */
  id: string | null;
  position: bigint | null;
}

export interface Head {
  chain: string;
  entries: bigint;
  hash: string;
  seal: string;
}

/** How far a chain has come. */
export interface Place {
  position: bigint;
  hash: string;
}

export interface ChainCheck {
  /** Takes the next entry. */
  see(entry: ChainedEntry): void;
  /** After the last entry that was seen. */
  place(): Place;
  /** All that is wrong with the chain, once every entry was seen. */
  finish(head: Head | undefined): Problem[];
}

export interface CheckOptions {
  mac: Mac;
  /** Behind which entry it begins; left out: at the beginning. */
  start?: Place | undefined;
  /** What an anchor noted of it. */
  noted?: { entries: bigint; hash: string } | undefined;
}

export function checkChain(chain: string, { mac, start, noted }: CheckOptions): ChainCheck {
  const problems: Problem[] = [];
  const missing = trackMissing();
  let place: Place = start ?? { position: 0n, hash: chainStart };
  let last: ChainedEntry | undefined;
  const report = (kind: ProblemKind, entry?: ChainedEntry) =>
    problems.push({ chain, kind, id: entry?.id ?? null, position: entry?.position ?? null });
  const compareNoted = () => {
    if (noted?.entries === place.position && noted.hash !== place.hash) report('chain_replaced');
  };
  compareNoted();

  return {
    see(entry) {
      const isGap = entry.position > place.position + 1n;
      const isAsItWas = isAsWritten(entry, mac);
      if (isGap) report('removed', entry);
      if (!isAsItWas) report('edited', entry);
      else if (!isGap && entry.previousHash !== place.hash) report('reordered', entry);
      if (isAsItWas) {
        missing.account(entry);
        const gone = parts.filter((part) => isErased(entry, part));
        if (!gone.every((part) => missing.note(entry, part))) report('part_missing', entry);
      }
      last = entry;
      place = { position: entry.position, hash: entry.hash };
      compareNoted();
    },
    place: () => place,
    finish(head) {
      for (const entry of missing.unaccounted()) report('part_missing', entry);
      if (!head || mac(sealedText(head)) !== head.seal) report('head_edited');
      else if (place.position < head.entries) report('truncated');
      else if (place.position > head.entries) report('added', last);
      else if (place.hash !== head.hash) report('head_edited');
      if (noted && head && head.entries < noted.entries) report('chain_replaced');
      return problems;
    },
  };
}
