import { registerAccess } from '../domains/access/index.ts';
import { registerAlerts } from '../domains/alerts/index.ts';
import { registerAudit } from '../domains/audit/index.ts';
import { registerCatalog } from '../domains/catalog/index.ts';
import { registerCustomers } from '../domains/customers/index.ts';
import { registerEntitlements } from '../domains/entitlements/index.ts';
import { registerChannels } from '../domains/gateway/index.ts';
import { registerGrowth } from '../domains/growth/index.ts';
import { people, registerAccounts, registerIdentity } from '../domains/identity/index.ts';
import { registerInvoicing } from '../domains/invoicing/index.ts';
import { registerJobs } from '../domains/jobs/index.ts';
import { registerLedger } from '../domains/ledger/index.ts';
import { registerMetering, registerReporting } from '../domains/metering/index.ts';
import { registerNotices } from '../domains/notices/index.ts';
import { registerPayments } from '../domains/payments/index.ts';
import { registerReports } from '../domains/reports/index.ts';
import { registerRisk } from '../domains/risk/index.ts';
import { registerClock, registerDeployment, registerSettings } from '../domains/settings/index.ts';
import { registerStatus } from '../domains/status/index.ts';
import { registerSubscriptions } from '../domains/subscriptions/index.ts';
import { registerWebhooks } from '../domains/webhooks/index.ts';
import type { Platform } from '../platform/context.ts';
import type { Routes } from '../platform/http/routes.ts';
import { moveSandboxClock } from '../platform/http/sandbox-proxy.ts';
import { jobs, nextDue, resumables, runScheduled } from './jobs.ts';
import { preparePartitions } from './partitions.ts';
import { personalData } from './personal-data.ts';
import type { Services } from './services.ts';

/** Every address of the API, each with its operation. */
export function registerDomains(
  routes: Routes,
  { platform, setOffsetMs }: { platform: Platform; setOffsetMs(offsetMs: number): void },
  services: Services,
): void {
  registerAccounts(routes, platform, personalData);
  registerIdentity(routes, platform);
  registerAudit(routes, people);
  registerCatalog(routes, services, () => services.channels.models());
  registerLedger(routes);
  registerEntitlements(routes, services.terms);
  registerMetering(routes, services.meters);
  registerReporting(routes, {
    ...services,
    resolveSubject: services.subjects.resolve,
    findKey: services.keyring.findById,
    settleReported: services.access.settle,
  });
  registerAccess(routes, { ...services, platform });
  registerPayments(routes);
  registerInvoicing(routes);
  registerSubscriptions(routes);
  registerChannels(routes, services.channels);
  registerReports(routes, services);
  registerJobs(routes, { jobs, resumables });
  registerStatus(routes, () => services.channels.models());
  registerRisk(routes);
  registerNotices(routes);
  registerAlerts(routes);
  registerWebhooks(routes);
  registerGrowth(routes);
  registerCustomers(routes);
  registerDeployment(routes);
  registerSettings(routes);
  // A live deployment has no such address, whoever asks.
  if (platform.config.mode === 'sandbox') {
    registerClock(routes, {
      prepare: preparePartitions,
      setOffsetMs,
      nextDue,
      async runDue(context, stop) {
        await moveSandboxClock(context.clocks.business());
        await runScheduled(context, stop);
      },
    });
  }
}
