/** Walks the files of archived months, and leaves each chain where the database goes on. */
import { join } from 'node:path';
import type { Platform } from '../../../platform/context.ts';
import {
  exists,
  findManifests,
  hashOf,
  ifMissing,
  readLines,
  readManifest,
} from '../archive-files.ts';
import { findArchives, findMonths } from '../archive-store.ts';
import { auditMac } from '../audit-mac.ts';
import { archiveFile, isManifestAsWritten, type Manifest } from '../core/archive.ts';
import { canonicalJson, type Json } from '../core/canonical-json.ts';
import type { ChainedEntry } from '../core/entry.ts';
import { entryOf } from '../core/exported.ts';
import {
  type ChainCheck,
  checkChain,
  type Problem,
  type ProblemKind,
} from '../core/verify-chain.ts';
import { createPartOpener } from '../person-keys.ts';

type Verifying = Pick<Platform, 'database' | 'sealer'>;

export interface ArchivesChecked {
  months: number;
  entries: number;
  problems: Problem[];
  /** Every chain that has archived entries, behind the last of them. */
  checks: Map<string, ChainCheck>;
}

type Noted = ReadonlyMap<string, { entries: bigint; hash: string }>;

export async function verifyArchives(
  platform: Verifying,
  directory: string,
  noted: Noted,
): Promise<ArchivesChecked> {
  const result: ArchivesChecked = { months: 0, entries: 0, problems: [], checks: new Map() };
  const report = (kind: ProblemKind, id: string) =>
    result.problems.push({ chain: null, kind, id, position: null });
  const mac = auditMac(platform);
  const rows = await findArchives(platform.database);
  let previous = '';
  // Behind a month that cannot be read, each chain begins where its next entry says.
  let isUnbroken = true;
  for (const { month, manifest, hash } of rows) {
    result.months += 1;
    const isRight = isManifestAsWritten(manifest, mac) && manifest.seal === hash;
    if (!isRight || manifest.previous !== previous || manifest.month !== month) {
      report('manifest_edited', month);
    }
    previous = hash;
    const beside = await readManifest(directory, month);
    const path = join(directory, archiveFile(month));
    if (!(await exists(path)) || beside === undefined) report('archive_missing', month);
    else if (!isSame(beside, manifest)) report('manifest_edited', month);
    const walked = await walkFile(platform, { path, manifest, result, noted, isUnbroken });
    if (walked === 'edited' || walked === 'broken') report('archive_edited', month);
    isUnbroken = walked === 'whole' || walked === 'edited';
    if (!isUnbroken) result.checks.clear();
  }
  for (const month of await findStrangers(platform, directory, rows))
    report('manifest_edited', month);
  return result;
}

/** A manifest of a month that the database neither archived nor has: the note of it was removed. */
async function findStrangers(
  { database }: Verifying,
  directory: string,
  rows: readonly { month: string }[],
): Promise<string[]> {
  const known = new Set([...rows.map(({ month }) => month), ...(await findMonths(database))]);
  return (await findManifests(directory)).filter((month) => !known.has(month));
}

function isSame(beside: object, manifest: Manifest): boolean {
  return canonicalJson(beside as Json) === canonicalJson({ ...manifest });
}

interface Walk {
  path: string;
  manifest: Manifest;
  result: ArchivesChecked;
  noted: Noted;
  isUnbroken: boolean;
}

async function walkFile(
  platform: Verifying,
  { path, manifest, result, noted, isUnbroken }: Walk,
): Promise<'whole' | 'edited' | 'broken' | 'missing'> {
  const sha256 = await hashOf(path).catch(ifMissing(() => undefined));
  if (sha256 === undefined) return 'missing';
  const mac = auditMac(platform);
  const openParts = createPartOpener(platform, platform.database);
  const checkOf = (entry: ChainedEntry) => {
    const known = result.checks.get(entry.chain);
    if (known) return known;
    const start = isUnbroken
      ? undefined
      : { position: entry.position - 1n, hash: entry.previousHash };
    const check = checkChain(entry.chain, { mac, start, noted: noted.get(entry.chain) });
    result.checks.set(entry.chain, check);
    return check;
  };
  let entries = 0;
  let isReadable = true;
  try {
    for await (const line of readLines(path)) {
      const entry = entryOf(line);
      if (entry) checkOf(entry).see(await openParts(entry));
      else isReadable = false;
      entries += 1;
    }
  } catch (error) {
    if (!isBroken(error)) throw error;
    return 'broken';
  }
  result.entries += entries;
  const isWhole = isReadable && sha256 === manifest.sha256 && entries === manifest.entries;
  return isWhole ? 'whole' : 'edited';
}

/** The packing itself is damaged. */
function isBroken(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}
