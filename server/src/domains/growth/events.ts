/** What of identity and payments concerns referrals: noted within the transaction that makes it true. */
import { type Listener, reaction } from '../../platform/events.ts';
import { userRegistered } from '../identity/index.ts';
import { paymentSucceeded, paymentUnsettled } from '../payments/index.ts';
import { noteChange, notePayment, noteSignUp } from './operations/note-growth.ts';

export const growthListeners: readonly Listener[] = [
  reaction(userRegistered, noteSignUp),
  reaction(paymentSucceeded, notePayment),
  reaction(paymentUnsettled, noteChange),
];
