import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useProviderName } from '../../features/payment/providers.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Id } from '../../ui/Id.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

export type InspectedPayment = Answer<'inspectPayment'>;
export type Refund = Answer<'searchRefunds'>['data'][number];

export const refundStatuses = ['pending', 'unknown', 'succeeded', 'failed'] as const;
export const refundOrigins = ['operator', 'provider'] as const;

const tones: Record<Refund['status'], Tone> = {
  pending: 'active',
  unknown: 'warning',
  succeeded: 'good',
  failed: 'bad',
};

/** Refunds as an operator reads them; on their payment's own page without the payment. */
export function useRefundColumns({ isOfPayment }: { isOfPayment: boolean }): Column<Refund>[] {
  const t = useTranslations('console.refunds');
  const tPayments = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const ofPayment: Column<Refund>[] = [
    {
      title: tPayments('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    { title: t('payment'), cell: (refund) => <PaymentLink payment={refund.payment} /> },
  ];
  return [
    { title: tUi('time'), cell: ({ created_at }) => <When at={created_at} /> },
    ...(isOfPayment ? [] : ofPayment),
    { title: tUi('amount'), align: 'end', cell: (refund) => <Returned refund={refund} /> },
    { title: tUi('status'), cell: (refund) => <RefundStatus refund={refund} /> },
    { title: t('to'), cell: (refund) => <Destination refund={refund} /> },
    {
      title: t('reason'),
      cell: ({ reason, origin }) => (
        <span className="twofold">
          {reason}
          <small>{t(`origins.${origin}`)}</small>
        </span>
      ),
    },
    { title: t('number'), cell: ({ number }) => <Id value={number} isShort /> },
  ];
}

/** Its id is too long for a table, and says nothing to a person. */
export function PaymentLink({ payment }: { payment: string | null }) {
  const t = useTranslations('console.payment');
  if (payment === null) return '–';
  return (
    <Link to={paths.consolePayment} params={{ id: payment }} title={payment}>
      {t('open')}
    </Link>
  );
}

function RefundStatus({ refund: { status, failure } }: { refund: Refund }) {
  const t = useTranslations('console.refunds');
  return (
    <span className="twofold">
      <Status tone={tones[status]}>{t(`statuses.${status}`)}</Status>
      {failure && <small>{failure}</small>}
    </span>
  );
}

function Destination({ refund: { to, provider } }: { refund: Refund }) {
  const t = useTranslations('console.refunds');
  const providerName = useProviderName();
  return (
    <span className="twofold">
      {t(`destinations.${to}`)}
      {to === 'provider' && <small>{providerName(provider)}</small>}
    </span>
  );
}

function Returned({ refund: { amount, currency, charged } }: { refund: Refund }) {
  const t = useTranslations('console.payments');
  return (
    <span className="twofold">
      <Amount value={amount} currency={currency} isExact />
      {charged && (
        <small>
          {t('charged')} <Amount value={charged.amount} currency={charged.currency} isExact />
        </small>
      )}
    </span>
  );
}
