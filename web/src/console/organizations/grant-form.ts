/** Credit that is given as the form holds it, and as the contract takes it. */
import type { Request } from '../../api/call.ts';
import { instantIn } from '../../ui/zone-instant.ts';

type Body = NonNullable<Request<'giveGrant'>['body']>;

export interface GrantForm {
  amount: string;
  currency: string;
  note: string;
  /** What clocks of the page's zone will show; left empty: for good. */
  expires_at?: string;
  interval: 'once' | NonNullable<Body['recurrence']>['interval'];
  interval_count?: number | null;
  /** Left empty: nothing is carried over. */
  rollover_max?: string;
  priority?: number | null;
}

export const intervals = ['once', 'day', 'week', 'month', 'year'] as const;

export function toGrantBody(form: GrantForm, timeZone: string): Body {
  const { amount, currency, note, expires_at: until, interval, priority } = form;
  return {
    ...{ amount, currency, note },
    ...(until && { expires_at: instantIn(timeZone, until) }),
    ...(typeof priority === 'number' && { priority }),
    ...(interval !== 'once' && {
      recurrence: {
        interval,
        interval_count: form.interval_count ?? 1,
        ...(form.rollover_max && { rollover_max: form.rollover_max }),
      },
    }),
  };
}
