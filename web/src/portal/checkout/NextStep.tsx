import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { isPayable } from '../../features/invoice/invoice.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { DeclineReason } from '../../features/payment/DeclineReason.tsx';
import type { Payment } from '../../features/payment/PaymentStatus.tsx';
import { PayStep } from '../../features/payment/PayStep.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { PayInvoice } from '../invoices/PayInvoice.tsx';

/** What the payer does now: pay, use what was bought, or pay another way. */
export function NextStep({ payment }: { payment: Payment }) {
  const t = useTranslations('checkout');
  switch (payment.status) {
    case 'unknown':
      return null;
    case 'succeeded':
      return (
        <div className="actions">
          <ButtonLink to={paths.dashboard} isPrimary>
            {t('toDashboard')}
          </ButtonLink>
          <ButtonLink to={paths.keys}>{t('createKey')}</ButtonLink>
        </div>
      );
    case 'pending':
      return payment.processing ? null : <WayToPay payment={payment} />;
    default:
      return (
        <>
          <DeclineReason code={payment.decline_code} />
          <OtherWays payment={payment} isPrimary />
        </>
      );
  }
}

function WayToPay({ payment }: { payment: Payment }) {
  const { next, expires_at: expiresAt } = payment;
  return (
    <>
      <DeclineReason code={payment.decline_code} />
      {next.type === 'redirect' ? (
        <PayAgain payment={payment} />
      ) : (
        <PayStep next={next} expiresAt={expiresAt} />
      )}
      {payment.payment_method === null && <OtherWays payment={payment} />}
    </>
  );
}

/**
 * Whoever stands here has been at the provider already, where an order may serve once: paying now is a new payment. The
 * server closes this one first, or finds that it was paid.
 */
function PayAgain({ payment: { invoice, provider, means } }: { payment: Payment }) {
  const t = useTranslations('checkout');
  const continuePayment = useContinuePayment();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const pay = useChange('payInvoice', {
    refreshes: ['listPayments', 'getPayment'],
    onDone: (answer) => {
      // Who comes back once more asks for one more payment.
      setIdempotencyKey(newIdempotencyKey());
      continuePayment(answer.payment);
    },
  });
  if (invoice === null) return null;
  const body = { provider, ...(means !== null && { means }) };
  return (
    <>
      <Refused error={pay.error} />
      <div className="actions">
        <AllowedButton
          operation="payInvoice"
          type="primary"
          loading={pay.isPending}
          onClick={() => pay.mutate({ params: { id: invoice }, body, idempotencyKey })}
        >
          {t('open')}
        </AllowedButton>
      </div>
    </>
  );
}

/** The invoice by another provider, means or method; a purchase that has lapsed is bought anew. */
function OtherWays({ payment, isPrimary = false }: { payment: Payment; isPrimary?: boolean }) {
  const t = useTranslations('checkout');
  const [isAsking, setAsking] = useState(false);
  const id = payment.invoice ?? '';
  const invoice = useQuery({
    ...reading('getInvoice', { params: { id } }),
    enabled: payment.invoice !== null,
  });
  if (!invoice.data) return null;
  if (!isPayable(invoice.data)) {
    return (
      <div className="actions">
        <ButtonLink to={paths.invoice} params={{ id }} isPrimary={isPrimary}>
          {t('toInvoice')}
        </ButtonLink>
      </div>
    );
  }
  return (
    <div className="actions">
      <Button type={isPrimary ? 'primary' : 'default'} onClick={() => setAsking(true)}>
        {t(isPrimary ? 'payAgain' : 'otherWay')}
      </Button>
      {isAsking && <PayInvoice invoice={invoice.data} onClose={() => setAsking(false)} />}
    </div>
  );
}
