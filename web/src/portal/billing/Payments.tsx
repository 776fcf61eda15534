import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { PaidWith } from '../../features/payment/PaidWith.tsx';
import { type Payment, PaymentStatus } from '../../features/payment/PaymentStatus.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { When } from '../../ui/When.tsx';

export function Payments() {
  const t = useTranslations('billing');
  const tUi = useTranslations('ui');
  const tDeclines = useTranslations('declines');
  const tRefunds = useTranslations('givenBack');
  const list = usePages('listPayments', {});
  const columns: Column<Payment>[] = [
    { title: tUi('time'), cell: ({ created_at }) => <When at={created_at} /> },
    { title: t('provider'), cell: (payment) => <PaidWith payment={payment} /> },
    {
      title: tUi('status'),
      cell: (payment) => (
        <>
          <PaymentStatus payment={payment} />
          {payment.decline_code && (
            <small className="soft tier">{tDeclines(`${payment.decline_code}.reason`)}</small>
          )}
        </>
      ),
    },
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount, currency, refunded }) => (
        <>
          <Amount value={amount} currency={currency} />
          {toNanos(refunded) > 0n && (
            <small className="soft tier">
              {tRefunds.rich('less', {
                sum: () => <Amount value={refunded} currency={currency} isExact />,
              })}
            </small>
          )}
        </>
      ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id }) => (
        <Link to={paths.checkout} params={{ payment: id }}>
          {t('open')}
        </Link>
      ),
    },
  ];
  return (
    <DataTable
      label={t('tabs.payments')}
      list={list}
      columns={columns}
      rowKey={(payment) => payment.id}
      renderError={renderFailure}
      empty={<EmptyState title={t('noPayments')}>{t('noPaymentsNote')}</EmptyState>}
    />
  );
}
