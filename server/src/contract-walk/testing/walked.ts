import { endpoints } from '@sluice/contract';

/**
 * Operations that sign the caller out, that only a provider calls, or that send a browser on whatever it came with: their
 * own tests say where to.
 */
const apart = new Set([
  ...['logout', 'receivePaymentNotification', 'receivePaymentNotificationPost'],
  ...['startSignIn', 'receiveSignIn', 'receiveSamlSignIn', 'arriveSignIn'],
]);

export const walked = endpoints.filter(({ operation }) => !apart.has(operation));
