import { Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import type { Payment } from '../../features/payment/PaymentStatus.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';

/** What the payer does now: pay, use what was bought, or try again. */
export function NextStep({ payment }: { payment: Payment }) {
  const t = useTranslations('checkout');
  if (payment.status === 'pending') return <WayToPay payment={payment} />;
  if (payment.status === 'unknown') return null;
  if (payment.status === 'succeeded') {
    return (
      <div className="actions">
        <ButtonLink to={paths.dashboard} isPrimary>
          {t('toDashboard')}
        </ButtonLink>
        <ButtonLink to={paths.keys}>{t('createKey')}</ButtonLink>
      </div>
    );
  }
  if (payment.invoice === null) return null;
  return (
    <div className="actions">
      <ButtonLink to={paths.invoice} params={{ id: payment.invoice }} isPrimary>
        {t('toInvoice')}
      </ButtonLink>
    </div>
  );
}

function WayToPay({ payment }: { payment: Payment }) {
  const t = useTranslations('checkout');
  const { next } = payment;
  switch (next.type) {
    case 'redirect':
      return <PayAgain payment={payment} />;
    case 'form':
      return (
        <form method="post" action={next.action}>
          {Object.entries(next.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button type="primary" htmlType="submit">
            {t('open')}
          </Button>
        </form>
      );
    case 'qr':
      return (
        <div className="stack">
          <p>{t('scan')}</p>
          <code>{next.content}</code>
          {next.url && <Button href={next.url}>{t('open')}</Button>}
        </div>
      );
    case 'none':
      return null;
  }
}

/** Whoever stands here has been at the provider already, where an order serves once: paying now is a new payment. */
function PayAgain({ payment: { invoice, provider } }: { payment: Payment }) {
  const t = useTranslations('checkout');
  const continuePayment = useContinuePayment();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const pay = useChange('payInvoice', {
    refreshes: ['listPayments'],
    onDone: ({ payment }) => {
      // Who comes back once more asks for one more payment.
      setIdempotencyKey(newIdempotencyKey());
      continuePayment(payment);
    },
  });
  if (invoice === null) return null;
  return (
    <>
      <Refused error={pay.error} />
      <div className="actions">
        <AllowedButton
          operation="payInvoice"
          type="primary"
          loading={pay.isPending}
          onClick={() =>
            pay.mutate({ params: { id: invoice }, body: { provider }, idempotencyKey })
          }
        >
          {t('open')}
        </AllowedButton>
      </div>
    </>
  );
}
