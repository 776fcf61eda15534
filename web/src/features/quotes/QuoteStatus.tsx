import { useTranslations } from 'use-intl';
import { Status, type Tone } from '../../ui/Status.tsx';
import type { Quote } from './quote.ts';

const tones: Record<Quote['status'], Tone> = {
  draft: 'quiet',
  sent: 'active',
  accepted: 'good',
  declined: 'bad',
  expired: 'quiet',
  withdrawn: 'quiet',
};

export function QuoteStatus({ status }: Pick<Quote, 'status'>) {
  const t = useTranslations('quotes.statuses');
  return <Status tone={tones[status]}>{t(status)}</Status>;
}
