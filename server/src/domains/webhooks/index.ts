/** The door of webhooks. */
export { webhooksChecks } from './checks.ts';
export { webhooksListeners } from './events.ts';
export { registerWebhooks } from './http.ts';
export { webhooksJobs } from './jobs.ts';
export { registerWebhookMetrics } from './metrics.ts';
export { webhooksPersonalData } from './operations/personal-data.ts';
export { webhooksSealed } from './sealed.ts';
