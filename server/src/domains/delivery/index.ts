/** The door of delivery: it sends a rendered message and knows no event. */
export { deliveryJobs } from './jobs.ts';
export { queueMail } from './operations/queue-mail.ts';
export type { Mail } from './provider.ts';
