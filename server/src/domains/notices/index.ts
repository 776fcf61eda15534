/** The door of notices. */
export { registerNotices } from './http.ts';
export { noticesJobs } from './jobs.ts';
export { noticesListeners } from './listeners.ts';
export { registerNoticeMetrics } from './metrics.ts';
export { noticesPersonalData } from './operations/personal-data.ts';
export { noticesSealed } from './sealed.ts';
