/** What becomes of notifications, as the inbox shows it. */
import type { Answer } from '../../api/call.ts';
import type { Tone } from '../../ui/Status.tsx';

export type Notification = Answer<'listPaymentNotifications'>['data'][number];
export type Outcome = Notification['outcome'];

export const tones: Record<Outcome, Tone> = {
  received: 'active',
  settled: 'good',
  repeated: 'quiet',
  parked: 'warning',
  handled: 'good',
  ignored: 'quiet',
  unconfirmed: 'warning',
  failed: 'warning',
  dead: 'bad',
  refused: 'bad',
};

export const outcomes = Object.keys(tones) as Outcome[];
