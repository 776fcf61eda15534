import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { PaymentStatus } from '../../features/payment/PaymentStatus.tsx';
import { useProviderName } from '../../features/payment/providers.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';

export type Payment = Answer<'searchPayments'>['data'][number];

/** Payments as an operator reads them, with the numbers that a provider knows them by. */
export function usePaymentColumns(): Column<Payment>[] {
  const t = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const providerName = useProviderName();
  return [
    {
      title: tUi('time'),
      cell: ({ id, created_at }) => (
        <Link to={paths.consolePayment} params={{ id }}>
          <When at={created_at} />
        </Link>
      ),
    },
    { title: t('amount'), align: 'end', cell: (payment) => <Charged payment={payment} /> },
    { title: tUi('status'), cell: (payment) => <PaymentStatus payment={payment} /> },
    { title: t('provider'), cell: ({ provider }) => providerName(provider) },
    { title: t('number'), cell: ({ number }) => <Id value={number} isShort /> },
    {
      title: t('transaction'),
      // The wallet and money recorded by hand have no number but ours.
      cell: ({ provider_transaction: id, number }) =>
        id && id !== number ? <Id value={id} isShort /> : '–',
    },
  ];
}

function Charged({ payment: { amount, currency, charged, refunded } }: { payment: Payment }) {
  const t = useTranslations('console.payments');
  const tPayment = useTranslations('console.payment');
  return (
    <span className="twofold">
      <Amount value={amount} currency={currency} />
      {charged && (
        <small>
          {t('charged')} <Amount value={charged.amount} currency={charged.currency} />
        </small>
      )}
      {toNanos(refunded) > 0n && (
        <small>
          {tPayment('refunded')} <Amount value={refunded} currency={currency} />
        </small>
      )}
    </span>
  );
}
