/** The door of customers: what operators do to find one and to know it. */
export { registerCustomers } from './http.ts';
