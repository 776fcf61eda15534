/** What is said of an archived month beside its file. Each manifest names the one before, so that none can be left out. */
import { canonicalJson } from './canonical-json.ts';
import type { Mac } from './entry.ts';

export interface Manifest {
  version: 1;
  /** Such as `2026-01`, in UTC. */
  month: string;
  file: string;
  bytes: number;
  sha256: string;
  entries: number;
  chains: number;
  /** The seal of the manifest before; empty for the first. */
  previous: string;
  seal: string;
}

export function sealManifest(manifest: Omit<Manifest, 'seal'>, mac: Mac): Manifest {
  return { ...manifest, seal: mac(manifestText(manifest)) };
}

export function isManifestAsWritten({ seal, ...manifest }: Manifest, mac: Mac): boolean {
  return mac(manifestText(manifest)) === seal;
}

function manifestText(manifest: Omit<Manifest, 'seal'>): string {
  return canonicalJson({ kind: 'manifest', ...manifest });
}

/** What the note of where a chain goes on claims. */
export function startText(start: { chain: string; position: bigint; hash: string }): string {
  return canonicalJson({
    chain: start.chain,
    hash: start.hash,
    kind: 'start',
    position: start.position.toString(),
  });
}

export function archiveFile(month: string): string {
  return `${month}.jsonl.gz`;
}

export function manifestFile(month: string): string {
  return `${month}.manifest.json`;
}
