import { endpoints } from '@sluice/contract';

/** Operations that sign the caller out, or that only a provider calls. */
const apart = new Set(['logout', 'receivePaymentNotification', 'receivePaymentNotificationPost']);

export const walked = endpoints.filter(({ operation }) => !apart.has(operation));
