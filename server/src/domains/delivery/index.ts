/** The door of delivery: it sends a rendered message and knows no event. */

export { deliveryChecks } from './checks.ts';
export { deliveryJobs } from './jobs.ts';
export { registerDeliveryMetrics } from './metrics.ts';
export { queueMail } from './operations/queue-mail.ts';
export type { Mail } from './provider.ts';
export { deliverySealed } from './sealed.ts';
export { messageStates } from './store.ts';
export { readMailBacklog } from './watch-store.ts';
