/** What a scrape learns of payments. Every process answers alike: the figures are the database's. */
import type { Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { registerDatabaseGauge, secondsSince, shareReading } from '../../platform/metrics.ts';
import { countAttemptOutcomes, countWaitingNotifications } from './watch-store.ts';

const hourMs = 3_600_000;

export function registerPaymentMetrics(registry: Registry, { database, clocks }: Platform): void {
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_payments_last_hour',
      help: 'Payments that were begun within the last hour, by provider and what became of them.',
      labelNames: ['provider', 'status'],
    },
    async () => {
      const to = clocks.business();
      const from = new Date(to.getTime() - hourMs);
      const outcomes = await countAttemptOutcomes(database, { from, to });
      return outcomes.map(({ provider, status, attempts }) => ({
        ...{ labels: { provider, status }, value: Number(attempts) },
      }));
    },
  );
  const inbox = shareReading(() => countWaitingNotifications(database));
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_payment_inbox_waiting',
      help: 'Notifications of providers that are not acted on yet: waiting to be tried again, or dead.',
      labelNames: ['state'],
    },
    async () => {
      const { waiting, dead } = await inbox();
      return [
        { labels: { state: 'waiting' }, value: Number(waiting) },
        { labels: { state: 'dead' }, value: Number(dead) },
      ];
    },
  );
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_payment_inbox_lag_seconds',
      help: 'How long the notification has waited that waits longest to be tried again.',
    },
    async () => [{ value: secondsSince(clocks.wall(), (await inbox()).oldest) }],
  );
}
