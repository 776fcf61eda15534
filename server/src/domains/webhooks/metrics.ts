/** What a scrape learns of webhooks. Every process answers alike: the figures are the database's. */
import type { Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { registerDatabaseGauge, secondsSince, shareReading } from '../../platform/metrics.ts';
import { countEndpoints, readWebhookBacklog } from './watch-store.ts';

const standings = ['taking', 'failing', 'disabled'] as const;

export function registerWebhookMetrics(registry: Registry, { database, clocks }: Platform): void {
  const backlog = shareReading(() => readWebhookBacklog(database, clocks.wall()));
  registerDatabaseGauge(
    registry,
    { name: 'sluice_webhooks_waiting', help: 'Webhook deliveries that wait for a try.' },
    async () => [{ value: Number((await backlog()).waiting) }],
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_webhooks_late_seconds',
      help: 'How long the webhook delivery is due that is due for longest and not being sent.',
    },
    async () => [{ value: secondsSince(clocks.wall(), (await backlog()).oldestDue) }],
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_webhook_endpoints',
      help: 'Webhook endpoints by how they stand.',
      labelNames: ['standing'],
    },
    async () => {
      const counts = await countEndpoints(database);
      return standings.map((standing) => ({
        labels: { standing },
        value: Number(counts.find((one) => one.standing === standing)?.count ?? 0n),
      }));
    },
  );
}
