/** What a scrape learns of access. Every process answers alike: the figures are the database's. */
import type { Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { registerDatabaseGauge, secondsSince, shareReading } from '../../platform/metrics.ts';
import { countHolds, findVerification, oldestSnapshotAge } from './watch-store.ts';

export function registerAccessMetrics(registry: Registry, { database, clocks }: Platform): void {
  const verification = shareReading(() => findVerification(database));
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_ledger_problems',
      help: 'Disagreements that the last verification of the ledger found; anything but 0 wants a person.',
    },
    async () => {
      const found = await verification();
      return found ? [{ value: found.problems }] : [];
    },
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_ledger_verified_seconds_ago',
      help: 'Time since the ledger was last verified.',
    },
    async () => {
      const found = await verification();
      return found ? [{ value: secondsSince(clocks.wall(), found.verifiedAt) }] : [];
    },
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_holds',
      help: 'Holds by state; expired ones wait for the sweep.',
      labelNames: ['state'],
    },
    async () => {
      const { open, expired } = await countHolds(database, clocks.wall());
      return [
        { labels: { state: 'open' }, value: Number(open - expired) },
        { labels: { state: 'expired' }, value: Number(expired) },
      ];
    },
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_oldest_snapshot_age',
      help: 'Transactions since the oldest open snapshot; a growing figure slows every call down.',
    },
    async () => [{ value: await oldestSnapshotAge(database) }],
  );
}
