import { useTranslations } from 'use-intl';
import { Status, type Tone } from '../../ui/Status.tsx';
import type { Subscription } from './subscription.ts';

const tones: Record<Subscription['status'], Tone> = {
  incomplete: 'warning',
  trialing: 'active',
  active: 'good',
  past_due: 'bad',
  paused: 'warning',
  canceled: 'quiet',
  expired: 'quiet',
};

export function SubscriptionStatus({ status }: Pick<Subscription, 'status'>) {
  const t = useTranslations('subscription.statuses');
  return <Status tone={tones[status]}>{t(status)}</Status>;
}
