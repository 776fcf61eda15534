import { useTranslations } from 'use-intl';
import { Status, type Tone } from '../../ui/Status.tsx';
import { type Invoice, type Standing, standingOf } from './invoice.ts';

const tones: Record<Standing, Tone> = {
  draft: 'quiet',
  open: 'active',
  overdue: 'bad',
  lapsed: 'quiet',
  paid: 'good',
  void: 'quiet',
  uncollectible: 'bad',
};

interface InvoiceStatusProps {
  invoice: Pick<Invoice, 'status' | 'overdue' | 'kind'>;
}

export function InvoiceStatus({ invoice }: InvoiceStatusProps) {
  const t = useTranslations('invoices.standings');
  const standing = standingOf(invoice);
  return <Status tone={tones[standing]}>{t(standing)}</Status>;
}
