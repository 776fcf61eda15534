/** The door of risk. */
export { riskListeners } from './events.ts';
export { registerRisk } from './http.ts';
export { riskJobs } from './jobs.ts';
export { riskPersonalData } from './operations/personal-data.ts';
export { findFlaggedOrganizations } from './search-store.ts';
