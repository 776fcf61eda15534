import type { Registry } from 'prom-client';
import { registerAccessMetrics, registerRateMetrics } from '../domains/access/index.ts';
import { registerDeliveryMetrics } from '../domains/delivery/index.ts';
import { registerChannelMetrics } from '../domains/gateway/index.ts';
import { type JobsWatch, registerJobsMetrics } from '../domains/jobs/index.ts';
import { registerNoticeMetrics } from '../domains/notices/index.ts';
import { registerPaymentMetrics } from '../domains/payments/index.ts';
import { registerWebhookMetrics } from '../domains/webhooks/index.ts';
import type { Platform } from '../platform/context.ts';
import { registerBackupMetrics } from '../platform/database/backup-slot.ts';
import { registerProcessMetrics } from '../platform/process-metrics.ts';
import type { Services } from './services.ts';

/** What every domain tells a scrape; calls are measured by the gateway. Answers who hears of jobs. */
export function registerDomainMetrics(
  registry: Registry,
  platform: Platform,
  services: Services,
): JobsWatch {
  registerProcessMetrics(registry, platform);
  registerAccessMetrics(registry, platform);
  registerRateMetrics(registry, services.rates);
  registerChannelMetrics(registry, services.channels, () => platform.clocks.wall().getTime());
  registerPaymentMetrics(registry, platform);
  registerDeliveryMetrics(registry, platform);
  registerNoticeMetrics(registry, platform);
  registerWebhookMetrics(registry, platform);
  registerBackupMetrics(registry, platform.database);
  return registerJobsMetrics(registry, platform);
}
