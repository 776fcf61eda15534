/** What notices hear: everything that happens to a customer, in the transaction that makes it true. */
import { type Listener, reaction } from '../../platform/events.ts';
import { happened } from '../../platform/happenings.ts';
import { hearHappening } from './operations/hear-happening.ts';

export const noticesListeners: readonly Listener[] = [reaction(happened, hearHappening)];
