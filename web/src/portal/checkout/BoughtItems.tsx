import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceStatus } from '../../features/invoice/InvoiceStatus.tsx';
import { useLineText } from '../../features/invoice/line-text.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';

/** The invoice that a payment pays, line by line. */
export function BoughtItems({ invoiceId }: { invoiceId: string }) {
  const t = useTranslations('checkout');
  const tUi = useTranslations('ui');
  const lineText = useLineText();
  const invoice = useQuery(reading('getInvoice', { params: { id: invoiceId } }));
  if (invoice.error) {
    return <Failure error={invoice.error} onRetry={() => void invoice.refetch()} />;
  }
  if (!invoice.data) return <Loading rows={2} />;
  const { id, lines, currency, total, exchange, number } = invoice.data;
  return (
    <>
      <ul className="bought">
        {lines.map((line) => (
          <li key={line.position}>
            <span>{lineText(line, currency)}</span>
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
          { label: t('invoice'), value: <InvoiceLink id={id} number={number} /> },
          { label: tUi('status'), value: <InvoiceStatus invoice={invoice.data} /> },
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

function InvoiceLink({ id, number }: { id: string; number: string | null }) {
  return (
    <Link to={paths.invoice} params={{ id }}>
      {number ?? id}
    </Link>
  );
}
