/** Where the database keeps what backups have not fetched yet. */
import { sql } from 'kysely';
import type { Registry } from 'prom-client';
import { registerDatabaseGauge, shareReading } from '../metrics.ts';
import type { Executor } from './pool.ts';

export const backupSlot = 'sluice_backup';

export interface Slot {
  /** Whether somebody fetches. */
  active: boolean;
  /** `reserved` while all that it keeps is still there. */
  status: string;
  /** What it keeps. */
  bytes: bigint;
}

export async function findBackupSlot(executor: Executor): Promise<Slot | undefined> {
  const { rows } = await sql<Slot>`
    select
      active,
      wal_status as status,
      coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint as bytes
    from pg_replication_slots
    where slot_name = ${backupSlot}
  `.execute(executor);
  return rows[0];
}

/** Left out where nobody ever kept backups. */
export function registerBackupMetrics(registry: Registry, executor: Executor): void {
  const slot = shareReading(() => findBackupSlot(executor));
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_backup_running',
      help: 'Whether some process streams changes into backups: 1 or 0.',
    },
    async () => {
      const found = await slot();
      return found ? [{ value: Number(found.active) }] : [];
    },
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_backup_waiting_bytes',
      help: 'Changes that the database keeps because no backup has fetched them yet.',
    },
    async () => {
      const found = await slot();
      return found ? [{ value: Number(found.bytes) }] : [];
    },
  );
}
