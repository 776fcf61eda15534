/** The door of customers: what operators do to find one and to know it. */
export { registerCustomers } from './http.ts';
export { customersPersonalData } from './operations/personal-data.ts';
export { searchEverything } from './operations/search-everything.ts';
