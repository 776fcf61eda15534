/** The door of growth. */
export { growthListeners } from './events.ts';
export { registerGrowth } from './http.ts';
export { growthJobs } from './jobs.ts';
export { growthPersonalData } from './operations/personal-data.ts';
