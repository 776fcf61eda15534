import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceStatus } from '../../features/payment/PaymentStatus.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';

/** The invoice that a payment pays, line by line. */
export function BoughtItems({ invoiceId }: { invoiceId: string }) {
  const t = useTranslations('checkout');
  const tUi = useTranslations('ui');
  const tKinds = useTranslations('payment.invoiceKinds');
  const invoice = useQuery(reading('getInvoice', { params: { id: invoiceId } }));
  if (invoice.error) {
    return <Failure error={invoice.error} onRetry={() => void invoice.refetch()} />;
  }
  if (!invoice.data) return <Loading rows={2} />;
  const { kind, lines, currency, total, exchange, number, status } = invoice.data;
  return (
    <>
      <ul className="bought">
        {lines.map((line) => (
          <li key={`${line.description} ${line.amount}`}>
            <span>{kind === 'top_up' ? tKinds(kind) : line.description}</span>
            <Amount value={line.amount} currency={currency} />
          </li>
        ))}
        <li className="bought-total">
          <span>{t('total')}</span>
          <Amount value={total} currency={currency} />
        </li>
      </ul>
      <Facts
        items={[
          { label: t('invoice'), value: number },
          { label: tUi('status'), value: <InvoiceStatus status={status} /> },
          ...(exchange
            ? [
                {
                  label: t('arrives'),
                  value: <Amount value={exchange.amount} currency={exchange.currency} />,
                },
              ]
            : []),
        ]}
      />
    </>
  );
}
