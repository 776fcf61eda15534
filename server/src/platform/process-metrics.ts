/** What a scrape learns of the process's connections, and of news that waits in the outbox. */
import { Gauge, type Registry } from 'prom-client';
import type { Platform } from './context.ts';
import { poolStanding } from './database/pool.ts';
import { registerDatabaseGauge, secondsSince, shareReading } from './metrics.ts';
import { readOutboxBacklog } from './outbox.ts';

export function registerProcessMetrics(registry: Registry, { database, clocks }: Platform): void {
  const registers = [registry];
  const connections = new Gauge({
    name: 'sluice_database_connections',
    help: 'Connections of this process’s pool, by whether they are in use.',
    labelNames: ['state'],
    registers,
    collect() {
      const { total, idle } = poolStanding(database);
      connections.set({ state: 'busy' }, total - idle);
      connections.set({ state: 'idle' }, idle);
    },
  });
  const waiting = new Gauge({
    name: 'sluice_database_waiting',
    help: 'Questions of this process that wait for a connection.',
    registers,
    collect() {
      waiting.set(poolStanding(database).waiting);
    },
  });
  const outbox = shareReading(() => readOutboxBacklog(database, clocks.wall()));
  registerDatabaseGauge(
    registry,
    { name: 'sluice_outbox_waiting', help: 'Events that wait to be told.' },
    async () => [{ value: Number((await outbox()).waiting) }],
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_outbox_waiting_seconds',
      help: 'How long the event has waited that waits longest to be told.',
    },
    async () => [{ value: secondsSince(clocks.wall(), (await outbox()).oldest) }],
  );
}
