/** What a scrape learns of access. Every process answers alike: the figures are the database's. */
import { Gauge, type Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { countHolds, findVerification, oldestSnapshotAge } from './watch-store.ts';

export function registerAccessMetrics(registry: Registry, { database, clocks }: Platform): void {
  const registers = [registry];
  const problems = new Gauge({
    name: 'sluice_ledger_problems',
    help: 'Disagreements that the last verification of the ledger found; anything but 0 wants a person.',
    registers,
    async collect() {
      const found = await findVerification(database);
      if (found) problems.set(found.problems);
    },
  });
  const age = new Gauge({
    name: 'sluice_ledger_verified_seconds_ago',
    help: 'Time since the ledger was last verified.',
    registers,
    async collect() {
      const found = await findVerification(database);
      if (found) age.set((clocks.wall().getTime() - found.verifiedAt.getTime()) / 1000);
    },
  });
  const holds = new Gauge({
    name: 'sluice_holds',
    help: 'Holds by state; expired ones wait for the sweep.',
    labelNames: ['state'],
    registers,
    async collect() {
      const { open, expired } = await countHolds(database, clocks.wall());
      holds.set({ state: 'open' }, Number(open - expired));
      holds.set({ state: 'expired' }, Number(expired));
    },
  });
  const snapshot = new Gauge({
    name: 'sluice_oldest_snapshot_age',
    help: 'Transactions since the oldest open snapshot; a growing figure slows every call down.',
    registers,
    async collect() {
      snapshot.set(await oldestSnapshotAge(database));
    },
  });
}
