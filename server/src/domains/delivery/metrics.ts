/** What a scrape learns of mails. Every process answers alike: the figures are the database's. */
import type { Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { registerDatabaseGauge, secondsSince, shareReading } from '../../platform/metrics.ts';
import { readMailBacklog } from './watch-store.ts';

export function registerDeliveryMetrics(registry: Registry, { database, clocks }: Platform): void {
  const backlog = shareReading(() => readMailBacklog(database, clocks.wall()));
  registerDatabaseGauge(
    registry,
    { name: 'sluice_mails_waiting', help: 'Mails that are queued.' },
    async () => [{ value: Number((await backlog()).queued) }],
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_mails_waiting_seconds',
      help: 'How long the mail has waited that waits longest.',
    },
    async () => [{ value: secondsSince(clocks.wall(), (await backlog()).oldest) }],
  );
}
