/** What a scrape learns of notices. Every process answers alike: the figures are the database's. */
import type { Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import { registerDatabaseGauge } from '../../platform/metrics.ts';
import { countTellings } from './watch-store.ts';

const dayMs = 86_400_000;
/** The app is told with the notice, and of mail delivery tells. */
const channels = ['telegram', 'wecom'] as const;
const statuses = ['queued', 'skipped', 'unclear'] as const;

export function registerNoticeMetrics(registry: Registry, { database, clocks }: Platform): void {
  registerDatabaseGauge(
    registry,
    {
      name: 'sluice_notices',
      help: 'Tellings of chats that are queued now, or were skipped or left unclear within a day.',
      labelNames: ['channel', 'status'],
    },
    async () => {
      const counts = await countTellings(database, new Date(clocks.wall().getTime() - dayMs));
      return channels.flatMap((channel) =>
        statuses.map((status) => {
          const found = counts.find((one) => one.channel === channel && one.status === status);
          return { labels: { channel, status }, value: Number(found?.count ?? 0n) };
        }),
      );
    },
  );
}
