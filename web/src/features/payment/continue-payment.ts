/** Goes on to where a new payment is paid. */
import { useNavigate } from '@tanstack/react-router';
import { paths } from '../../paths.ts';
import type { Payment } from './PaymentStatus.tsx';

/** A redirect leaves the app; everything else, a payment that is already settled too, is shown on its own page. */
export function useContinuePayment(): (payment: Payment) => void {
  const navigate = useNavigate();
  return (payment) => {
    if (payment.status === 'pending' && payment.next.type === 'redirect') {
      location.assign(payment.next.url);
      return;
    }
    void navigate({ to: paths.checkout, params: { payment: payment.id } });
  };
}
