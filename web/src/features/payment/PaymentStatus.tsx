import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Status, type Tone } from '../../ui/Status.tsx';

export type Payment = Answer<'getPayment'>;

const paymentTones: Record<Payment['status'], Tone> = {
  pending: 'active',
  succeeded: 'good',
  failed: 'bad',
  canceled: 'quiet',
  unknown: 'warning',
};

export function PaymentStatus({ status }: { status: Payment['status'] }) {
  const t = useTranslations('payment.statuses');
  return <Status tone={paymentTones[status]}>{t(status)}</Status>;
}
