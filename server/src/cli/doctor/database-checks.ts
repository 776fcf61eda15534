/** Whether the database is one that Sluice can work with, and whether it works as it should. */
import { type Check, count, type Finding, fail, lasting, ok, warn } from '../../platform/checks.ts';
import type { Context } from '../../platform/context.ts';
import {
  findBloated,
  findPartitionOf,
  readConnections,
  readOldestSnapshot,
  readServer,
} from '../../platform/database/server-standing.ts';
import { addDuration } from '../../platform/time.ts';

const versionMin = 180_000;
const skewWarnMs = 2000;
const skewFailMs = 30_000;
/** Of all that the database allows. */
const connectionsShareMax = 0.8;
const snapshotAgeMs = 10 * 60_000;

export const databaseChecks: readonly Check[] = [
  { name: 'database', run: checkServer },
  { name: 'clocks', run: checkClocks },
  { name: 'connections', run: checkConnections },
  { name: 'snapshots', run: checkSnapshots },
  { name: 'partitions', run: checkPartitions },
  { name: 'vacuum', run: checkVacuum },
];

async function checkServer({ database }: Context): Promise<Finding[]> {
  const { version, versionNumber, isReplica } = await readServer(database);
  if (versionNumber < versionMin) {
    return [fail(`The database is PostgreSQL ${version}.`, 'Sluice needs 18 or newer: update it.')];
  }
  return isReplica
    ? [
        fail(
          'The database is a replica that nobody can write to.',
          'Point DATABASE_URL at the primary.',
        ),
      ]
    : [ok(`The database is PostgreSQL ${version}.`)];
}

/** Half of the time that the question took is ours. */
async function checkClocks({ database, clocks }: Context): Promise<Finding[]> {
  const before = clocks.wall().getTime();
  const { at } = await readServer(database);
  const after = clocks.wall().getTime();
  const skewMs = Math.max(0, Math.abs(at.getTime() - (before + after) / 2) - (after - before) / 2);
  if (skewMs <= skewWarnMs) return [ok('Our clock and the database’s agree.')];
  const what = `Our clock and the database’s differ by ${lasting(skewMs)}.`;
  const advice = 'Set both by NTP: holds, tokens and signatures depend on them.';
  return [skewMs > skewFailMs ? fail(what, advice) : warn(what, advice)];
}

async function checkConnections({ database }: Context): Promise<Finding[]> {
  const { used, allowed } = await readConnections(database);
  const what = `${used} of ${allowed} connections of the database are in use.`;
  if (used <= allowed * connectionsShareMax) return [ok(what)];
  const advice =
    'Lower DATABASE_POOL_MAX, raise max_connections, or put pgbouncer in front (see the guide for clusters).';
  return [warn(what, advice)];
}

async function checkSnapshots({ database, clocks }: Context): Promise<Finding[]> {
  const oldest = await readOldestSnapshot(database, clocks.wall());
  if (!oldest || oldest.ageMs <= snapshotAgeMs) return [ok('No transaction is open for long.')];
  const by = `"${oldest.application}" (process ${oldest.pid})`;
  return [
    warn(
      `A transaction of ${by} has been open for ${lasting(oldest.ageMs)}: it slows every call down.`,
      `End it: select pg_terminate_backend(${oldest.pid}).`,
    ),
  ];
}

/** Without its own month a row goes into the default partition: nothing is lost, but it is found less quickly. */
async function checkPartitions({ database, clocks }: Context): Promise<Finding[]> {
  const next = addDuration(clocks.business(), 'P1M') ?? clocks.business();
  const month = next.toISOString().slice(0, 7).replace('-', '_');
  const missing: string[] = [];
  for (const table of ['metering_usage', 'ledger_transfers', 'audit_entries']) {
    if (!(await findPartitionOf(database, `${table}_${month}`))) missing.push(table);
  }
  if (missing.length === 0) return [ok('The next month has its partitions.')];
  return [
    warn(
      `There is no partition for ${month.replace('_', '-')} of ${missing.join(', ')}.`,
      'Start a server: it makes those of two months ahead, every night.',
    ),
  ];
}

async function checkVacuum({ database }: Context): Promise<Finding[]> {
  const { autovacuum } = await readServer(database);
  if (!autovacuum) {
    return [fail('Autovacuum is off.', 'Switch it on: without it every call slows down.')];
  }
  const bloated = await findBloated(database);
  if (bloated.length === 0) return [ok('Dead rows are cleared away.')];
  const named = bloated.map(({ table, dead }) => `${table} (${count(dead, 'dead row')})`);
  return [
    warn(
      `More dead rows than living ones: ${named.join(', ')}.`,
      'Look for long transactions, then "vacuum" these tables.',
    ),
  ];
}
