import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { PaidWith } from '../../features/payment/PaidWith.tsx';
import { type Payment, PaymentStatus } from '../../features/payment/PaymentStatus.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { BoughtItems } from './BoughtItems.tsx';
import { NextStep } from './NextStep.tsx';
import { Refunds } from './Refunds.tsx';

const route = getRouteApi('/portal/checkout/$payment');
const pollIntervalMs = 1_500;

export function CheckoutPage() {
  const { payment: id } = route.useParams();
  const t = useTranslations('checkout');
  const payment = useQuery({
    ...reading('getPayment', { params: { id } }),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? pollIntervalMs : false),
  });
  useRefreshWhenSettled(payment.data);
  return (
    <div className="page">
      <PageHeader title={payment.data ? t(`titles.${stateOf(payment.data)}`) : t('title')} />
      {payment.error && <Failure error={payment.error} onRetry={() => void payment.refetch()} />}
      {payment.isPending && <Loading rows={6} />}
      {payment.data && <PaymentState payment={payment.data} />}
    </div>
  );
}

/** What is under way needs no payer any more, though it is not paid yet. */
function stateOf({ status, processing }: Payment) {
  return status === 'pending' && processing ? 'processing' : status;
}

function isOpen(payment: Payment): boolean {
  return payment.status === 'pending' || payment.status === 'unknown';
}

function PaymentState({ payment }: { payment: Payment }) {
  const t = useTranslations('checkout');
  const tUi = useTranslations('ui');
  return (
    <>
      <Panel>
        <div className="stack" aria-live="polite">
          <PaymentStatus payment={payment} />
          <p>{t(`notes.${stateOf(payment)}`)}</p>
        </div>
        <NextStep payment={payment} />
      </Panel>
      <Refunds payment={payment} />
      <Panel title={t('details')}>
        {payment.invoice && <BoughtItems invoiceId={payment.invoice} />}
        <Facts
          items={[
            {
              label: tUi('amount'),
              value: <Amount value={payment.amount} currency={payment.currency} />,
            },
            ...(payment.charged
              ? [
                  {
                    label: t('charged'),
                    value: <Charged payment={payment} charged={payment.charged} />,
                  },
                ]
              : []),
            { label: t('provider'), value: <PaidWith payment={payment} /> },
            { label: t('started'), value: <When at={payment.created_at} show="second" /> },
            ...(payment.settled_at
              ? [{ label: t('settled'), value: <When at={payment.settled_at} show="second" /> }]
              : []),
            { label: t('title'), value: <Id value={payment.id} /> },
          ]}
        />
      </Panel>
    </>
  );
}

interface ChargedProps {
  payment: Payment;
  charged: NonNullable<Payment['charged']>;
}

/** What the provider takes in its own units, and how that comes about. */
function Charged({ payment, charged }: ChargedProps) {
  return (
    <>
      <Amount value={charged.amount} currency={charged.currency} />{' '}
      <span className="soft">
        = <Amount value={payment.amount} currency={payment.currency} /> × {charged.rate}
      </span>
    </>
  );
}

/** What a payment brings shows up all over the app: read it anew once it has turned. */
function useRefreshWhenSettled(payment: Payment | undefined): void {
  const client = useQueryClient();
  const status = payment?.status;
  useEffect(() => {
    if (status !== 'succeeded') return;
    for (const operation of touchedByPayment) {
      void client.invalidateQueries({ queryKey: [operation] });
    }
  }, [client, status]);
}

const touchedByPayment = [
  ...['getInvoice', 'getBillingSummary', 'getWallet', 'listWalletTransactions', 'listPayments'],
  ...['listInvoices', 'listSubscriptions', 'listPaymentMethods'],
];
