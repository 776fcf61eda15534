/**
 * The lines around the entries of an export, and what is wrong with a file of them. An export of whole chains has each
 * chain's beginning and head, and is verified like the log itself; of one that was filtered, each entry and their number.
 */
import { createHash, type Hash } from 'node:crypto';
import { startText } from './archive.ts';
import { canonicalJson } from './canonical-json.ts';
import { isAsWritten, type Mac } from './entry.ts';
import { entryOf, parseObject } from './exported.ts';
import {
  type ChainCheck,
  checkChain,
  type Head,
  type Place,
  type Problem,
} from './verify-chain.ts';

export interface ExportEnd {
  entries: number;
  /** Whether chains stand in it from their beginning, without filters. */
  whole: boolean;
  seal: string;
}

/** Counts what an export holds, and seals it at its end. */
export function createExportSeal(whole: boolean, mac: Mac) {
  const digest: Hash = createHash('sha256');
  let entries = 0;
  return {
    add({ hash }: { hash: string }): void {
      digest.update(`${hash}\n`);
      entries += 1;
    },
    end(): ExportEnd {
      const hashes = digest.digest('hex');
      return {
        entries,
        whole,
        seal: mac(canonicalJson({ entries, hashes, kind: 'export', whole })),
      };
    },
  };
}

export function startLine(start: Place & { chain: string; seal: string }): string {
  const { chain, position, hash, seal } = start;
  return JSON.stringify({ start: { chain, position: position.toString(), hash, seal } });
}

export function headLine({ chain, entries, hash, seal }: Head): string {
  return JSON.stringify({ head: { chain, entries: entries.toString(), hash, seal } });
}

export function endLine(end: ExportEnd): string {
  return JSON.stringify({ end });
}

export interface ExportReport {
  entries: number;
  chains: number;
  whole: boolean;
  problems: Problem[];
}

export interface ExportCheck {
  see(line: string): void;
  finish(): ExportReport;
}

export function checkExport(mac: Mac): ExportCheck {
  const problems: Problem[] = [];
  const chains = new Set<string>();
  /** Whole chains come one after the other; a filtered export says only at its end that it is one. */
  const open = new Map<string, ChainCheck>();
  const single: Problem[] = [];
  const seals = { whole: createExportSeal(true, mac), filtered: createExportSeal(false, mac) };
  let end: ExportEnd | undefined;
  let lines = 0;
  let entries = 0;
  const report = (kind: Problem['kind'], id: string) =>
    problems.push({ chain: null, kind, id, position: null });

  const seeEntry = (line: string): boolean => {
    const entry = entryOf(line);
    if (!entry) return false;
    entries += 1;
    seals.whole.add(entry);
    seals.filtered.add(entry);
    chains.add(entry.chain);
    const { chain, id, position } = entry;
    if (!isAsWritten(entry, mac)) single.push({ chain, kind: 'edited', id, position });
    const check = open.get(chain) ?? checkChain(chain, { mac });
    open.set(chain, check);
    check.see(entry);
    return true;
  };
  const seeMark = (line: string): boolean => {
    const value = parseObject(line);
    const start = placeOf(value?.start, 'position');
    const head = placeOf(value?.head, 'entries');
    if (start) {
      const isRight = mac(startText({ ...start, position: start.count })) === start.seal;
      if (!isRight) report('start_edited', start.chain);
      const place = { position: start.count, hash: start.hash };
      open.set(start.chain, checkChain(start.chain, { mac, start: place }));
    } else if (head) {
      const check = open.get(head.chain) ?? checkChain(head.chain, { mac });
      problems.push(...check.finish({ ...head, entries: head.count }));
      open.delete(head.chain);
    } else if (typeof value?.end === 'object' && value.end !== null) {
      end = value.end as unknown as ExportEnd;
    } else return false;
    return true;
  };

  return {
    see(line) {
      lines += 1;
      if (end !== undefined || !(seeEntry(line) || seeMark(line)))
        report('edited', `line ${lines}`);
    },
    finish() {
      const whole = end?.whole === true;
      const expected = (whole ? seals.whole : seals.filtered).end();
      if (end?.seal !== expected.seal) report('truncated', `line ${lines}`);
      if (!whole) problems.push(...single);
      else for (const chain of open.keys()) report('truncated', chain);
      return { entries, chains: chains.size, whole, problems };
    },
  };
}

function placeOf(value: unknown, count: 'position' | 'entries') {
  const { chain, hash, seal, [count]: digits } = (value ?? {}) as Record<string, unknown>;
  if (typeof chain !== 'string' || typeof hash !== 'string' || typeof seal !== 'string') return;
  if (typeof digits !== 'string' || !/^\d{1,18}$/.test(digits)) return;
  return { chain, hash, seal, count: BigInt(digits) };
}
