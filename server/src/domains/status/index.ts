/** The door of status. */
export { registerStatus } from './http.ts';
