/** The door of reports: views over several domains, for reading only. */
export { registerReports } from './http.ts';
