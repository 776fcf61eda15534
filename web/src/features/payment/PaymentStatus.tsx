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

type Standing = Pick<Payment, 'status' | 'processing'>;

export function PaymentStatus({ payment: { status, processing } }: { payment: Standing }) {
  const t = useTranslations('payment.statuses');
  const isUnderWay = processing && status === 'pending';
  return <Status tone={paymentTones[status]}>{t(isUnderWay ? 'processing' : status)}</Status>;
}
