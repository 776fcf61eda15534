/**
 * Notes of the heads of all chains, to be kept outside of the database. Each anchor has the root over the heads that grew
 * since the one before, whose seal it names: the last one stands for all heads there ever were.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Mac } from './entry.ts';
import { parseObject } from './exported.ts';

export interface NotedHead {
  chain: string;
  entries: bigint;
  hash: string;
}

export interface Anchor {
  number: bigint;
  at: Date;
  /** Chains and entries that it stands for, those of earlier anchors included. */
  chains: bigint;
  entries: bigint;
  /** Merkle root over the heads that it notes. */
  root: string;
  /** The seal of the anchor before; empty for the first. */
  previous: string;
  seal: string;
}

export function sealAnchor(anchor: Omit<Anchor, 'seal'>, mac: Mac): Anchor {
  return { ...anchor, seal: mac(anchorText(anchor)) };
}

export function isAnchorAsWritten({ seal, ...anchor }: Anchor, mac: Mac): boolean {
  return mac(anchorText(anchor)) === seal;
}

function anchorText(anchor: Omit<Anchor, 'seal'>): string {
  return canonicalJson({ ...plainAnchor(anchor), kind: 'anchor' });
}

function plainAnchor(anchor: Omit<Anchor, 'seal'>) {
  return {
    at: anchor.at.toISOString(),
    chains: anchor.chains.toString(),
    entries: anchor.entries.toString(),
    number: anchor.number.toString(),
    previous: anchor.previous,
    root: anchor.root,
  };
}

/** One line of the file outside. */
export function anchorLine(anchor: Anchor): string {
  return canonicalJson({ ...plainAnchor(anchor), seal: anchor.seal });
}

/** Pairs of hashes are hashed until one is left; leaves and pairs differ in their first byte. */
export function merkleRoot(heads: readonly NotedHead[]): string {
  const leaf = ({ chain, entries, hash }: NotedHead) =>
    digest(0, canonicalJson([chain, entries.toString(), hash]));
  let level = [...heads].sort((a, b) => (a.chain < b.chain ? -1 : 1)).map(leaf);
  while (level.length > 1) {
    const pairs: string[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left = '', right] = level.slice(index, index + 2);
      pairs.push(right === undefined ? left : digest(1, left + right));
    }
    level = pairs;
  }
  return level[0] ?? '';
}

function digest(kind: 0 | 1, text: string): string {
  return createHash('sha256').update(Uint8Array.of(kind)).update(text).digest('hex');
}

/** The file outside, in the folder of archives. */
export const anchorFile = 'anchors.jsonl';

/** Reads a line of the file back; undefined for what is none. */
export function anchorOf(line: string): Anchor | undefined {
  const value = parseObject(line);
  const text = (name: string) => (typeof value?.[name] === 'string' ? value[name] : undefined);
  const count = (name: string) => {
    const digits = text(name);
    return digits !== undefined && /^\d{1,18}$/.test(digits) ? BigInt(digits) : undefined;
  };
  const number = count('number');
  const chains = count('chains');
  const entries = count('entries');
  const at = text('at');
  if (number === undefined || chains === undefined || entries === undefined) return undefined;
  if (at === undefined || Number.isNaN(Date.parse(at))) return undefined;
  return {
    number,
    at: new Date(at),
    chains,
    entries,
    root: text('root') ?? '',
    previous: text('previous') ?? '',
    seal: text('seal') ?? '',
  };
}
