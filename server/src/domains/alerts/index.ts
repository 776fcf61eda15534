/** The door of alerts. */
export { registerAlerts } from './http.ts';
export { alertsJobs } from './jobs.ts';
