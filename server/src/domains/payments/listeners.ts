/** What of organizations payments answers, in their own transaction. */
import { type Listener, reaction } from '../../platform/events.ts';
import { organizationClosing } from '../identity/index.ts';
import { refuseClosing } from './operations/refuse-closing.ts';

export const paymentsListeners: readonly Listener[] = [
  reaction(organizationClosing, refuseClosing),
];
