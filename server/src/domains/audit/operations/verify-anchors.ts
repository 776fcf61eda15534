/** Compares the anchors with each other, and with the file outside that the database cannot change. */
import { join } from 'node:path';
import type { Platform } from '../../../platform/context.ts';
import { findAnchorHeads, findAnchorsAfter, findStrayAnchorNumbers } from '../anchors-store.ts';
import { exists, readLines } from '../archive-files.ts';
import { auditMac } from '../audit-mac.ts';
import {
  type Anchor,
  anchorFile,
  anchorOf,
  isAnchorAsWritten,
  merkleRoot,
  type NotedHead,
} from '../core/anchor.ts';
import type { Mac } from '../core/entry.ts';
import type { Problem, ProblemKind } from '../core/verify-chain.ts';

export interface AnchorsChecked {
  anchors: number;
  problems: Problem[];
  /** The last that was noted of each chain. */
  noted: Map<string, NotedHead>;
}

const batchSize = 500;

/** `directory` is where the file lies; left out, only the database is looked at. */
export async function verifyAnchors(
  platform: Pick<Platform, 'database' | 'sealer'>,
  directory: string | undefined,
): Promise<AnchorsChecked> {
  const mac = auditMac(platform);
  const result: AnchorsChecked = { anchors: 0, problems: [], noted: new Map() };
  const report = (kind: ProblemKind, id: string | null) =>
    result.problems.push({ chain: null, kind, id, position: null });
  const seals = new Map<bigint, string>();
  let last: Anchor | undefined;
  for (;;) {
    const batch = await findAnchorsAfter(platform.database, last?.number ?? 0n, batchSize);
    for (const anchor of batch) {
      const heads = await findAnchorHeads(platform.database, anchor.number);
      if (!follows(anchor, last, mac) || merkleRoot(heads) !== anchor.root) {
        report('anchor_edited', anchor.number.toString());
      }
      for (const head of heads) result.noted.set(head.chain, head);
      seals.set(anchor.number, anchor.seal);
      last = anchor;
    }
    if (batch.length < batchSize) break;
  }
  result.anchors = seals.size;
  for (const number of await findStrayAnchorNumbers(platform.database)) {
    report('anchor_edited', number.toString());
  }
  if (directory !== undefined)
    await compareFile(join(directory, anchorFile), { seals, mac, report });
  return result;
}

function follows(anchor: Anchor, last: Anchor | undefined, mac: Mac): boolean {
  const isNext = anchor.number === (last?.number ?? 0n) + 1n;
  return isNext && anchor.previous === (last?.seal ?? '') && isAnchorAsWritten(anchor, mac);
}

interface Comparison {
  seals: ReadonlyMap<bigint, string>;
  mac: Mac;
  report: (kind: ProblemKind, id: string | null) => void;
}

/** The file may lack anchors: another server wrote them. It never has one that the database lacks. */
async function compareFile(path: string, { seals, mac, report }: Comparison): Promise<void> {
  if (!(await exists(path))) {
    if (seals.size > 0) report('anchor_file_missing', path);
    return;
  }
  let number = 0;
  for await (const line of readLines(path)) {
    number += 1;
    const anchor = anchorOf(line);
    if (!anchor || !isAnchorAsWritten(anchor, mac)) report('anchor_file_edited', `line ${number}`);
    else if (seals.get(anchor.number) !== anchor.seal) {
      report('anchor_removed', anchor.number.toString());
    }
  }
}
