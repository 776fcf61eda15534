/** The door of alerts. */
export { registerAlerts } from './http.ts';
export { alertsJobs } from './jobs.ts';
export { alertsPersonalData } from './operations/personal-data.ts';
export { alertsSealed } from './sealed.ts';
