/** One payment with all that became of its money. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure, renderFailure } from '../../features/errors/Failure.tsx';
import { PaymentStatus } from '../../features/payment/PaymentStatus.tsx';
import { useProviderName } from '../../features/payment/providers.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { useDisputeColumns } from '../disputes/columns.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { useUnappliedColumns } from '../unapplied/columns.tsx';
import { RefundPayment } from './RefundPayment.tsx';
import { type InspectedPayment, useRefundColumns } from './refund-columns.tsx';

const route = getRouteApi('/console/admin/payments/$id');

export function PaymentPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.payment');
  const amountText = useAmountText();
  const payment = useQuery(reading('inspectPayment', { params: { id } }));
  const { data } = payment;
  return (
    <div className="page">
      <PageHeader
        title={data ? t('named', { amount: amountText(data.amount, data.currency) }) : t('one')}
        note={<Link to={paths.consolePayments}>{t('all')}</Link>}
        actions={data && <GiveBack payment={data} />}
      />
      {payment.error && <Failure error={payment.error} onRetry={() => void payment.refetch()} />}
      {payment.isPending && <Loading rows={10} />}
      {data && <Shown payment={data} />}
    </div>
  );
}

function GiveBack({ payment }: { payment: InspectedPayment }) {
  const t = useTranslations('console.refunds');
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      <AllowedButton
        operation="refundPayment"
        blockedBecause={payment.refundable ? undefined : t('nothingLeft')}
        onClick={() => setIsAsked(true)}
      >
        {t('refund')}
      </AllowedButton>
      {isAsked && payment.refundable && (
        <RefundPayment
          payment={payment}
          refundable={payment.refundable}
          onClose={() => setIsAsked(false)}
        />
      )}
    </>
  );
}

function Shown({ payment }: { payment: InspectedPayment }) {
  const t = useTranslations('console.payment');
  const refundColumns = useRefundColumns({ isOfPayment: true });
  const disputeColumns = useDisputeColumns({ isOfPayment: true });
  const unappliedColumns = useUnappliedColumns({ isOfPayment: true });
  return (
    <>
      <Panel title={t('facts')}>
        <PaymentFacts payment={payment} />
      </Panel>
      <Panel title={t('refunds')} note={t('refundsNote')}>
        <DataTable
          label={t('refunds')}
          list={settledList(payment.refunds)}
          columns={refundColumns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<p className="soft">{t('noRefunds')}</p>}
        />
      </Panel>
      {payment.disputes.length > 0 && (
        <Panel title={t('disputes')}>
          <DataTable
            label={t('disputes')}
            list={settledList(payment.disputes)}
            columns={disputeColumns}
            rowKey={({ id }) => id}
            renderError={renderFailure}
            empty={null}
          />
        </Panel>
      )}
      {payment.unapplied.length > 0 && (
        <Panel title={t('unapplied')} note={t('unappliedNote')}>
          <DataTable
            label={t('unapplied')}
            list={settledList(payment.unapplied)}
            columns={unappliedColumns}
            rowKey={({ id }) => id}
            renderError={renderFailure}
            empty={null}
          />
        </Panel>
      )}
    </>
  );
}

function PaymentFacts({ payment }: { payment: InspectedPayment }) {
  const t = useTranslations('console.payment');
  const tPayments = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const providerName = useProviderName();
  const { charged, currency, invoice, settled_at, refundable } = payment;
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <PaymentStatus payment={payment} /> },
        { label: tPayments('customer'), value: <OrganizationLink id={payment.organization} /> },
        {
          label: tPayments('amount'),
          value: (
            <span className="twofold">
              <Amount value={payment.amount} currency={currency} isExact />
              {charged && (
                <small>
                  {tPayments('charged')}{' '}
                  <Amount value={charged.amount} currency={charged.currency} isExact />
                </small>
              )}
            </span>
          ),
        },
        {
          label: t('refunded'),
          value: <Amount value={payment.refunded} currency={currency} isExact />,
        },
        ...(refundable
          ? [
              {
                label: t('refundable'),
                value: <Amount value={refundable.amount} currency={currency} isExact />,
              },
            ]
          : []),
        { label: tPayments('provider'), value: providerName(payment.provider) },
        { label: tPayments('number'), value: <Id value={payment.number} /> },
        ...(payment.provider_transaction
          ? [
              {
                label: tPayments('transaction'),
                value: <Id value={payment.provider_transaction} />,
              },
            ]
          : []),
        ...(invoice
          ? [
              {
                label: t('invoice'),
                value: (
                  <Link to={paths.consoleInvoice} params={{ id: invoice }}>
                    {invoice}
                  </Link>
                ),
              },
            ]
          : []),
        { label: tUi('time'), value: <When at={payment.created_at} show="second" /> },
        ...(settled_at
          ? [{ label: t('settled'), value: <When at={settled_at} show="second" /> }]
          : []),
      ]}
    />
  );
}
