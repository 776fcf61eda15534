import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { InvoiceStatus } from '../../features/invoice/InvoiceStatus.tsx';
import { type Invoice, isPayable } from '../../features/invoice/invoice.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';

/** What an invoice stands at, and when. */
export function InvoiceFacts({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const tUi = useTranslations('ui');
  const { currency, period, exchange } = invoice;
  const day = (at: string) => <When at={at} show="day" />;
  return (
    <>
      <Facts
        as="figures"
        items={[
          { label: tUi('status'), value: <InvoiceStatus invoice={invoice} /> },
          {
            label: t('totals.total'),
            value: <Amount value={invoice.total} currency={currency} isExact />,
          },
          {
            label: t('totals.due'),
            value: <Amount value={invoice.due} currency={currency} isExact />,
          },
        ]}
      />
      <Facts
        items={[
          { label: t('issued'), value: day(invoice.issued_at) },
          ...(isPayable(invoice) ? [{ label: t('dueOn'), value: day(invoice.due_at) }] : []),
          ...unlessNull(t('paidOn'), invoice.paid_at && day(invoice.paid_at)),
          ...unlessNull(t('voidedOn'), invoice.voided_at && day(invoice.voided_at)),
          ...unlessNull(t('writtenOffOn'), invoice.written_off_at && day(invoice.written_off_at)),
          ...unlessNull(
            t('period'),
            period && (
              <>
                {day(period.from)} – {day(period.to)}
              </>
            ),
          ),
          ...unlessNull(
            t('exchange'),
            exchange && <Amount value={exchange.amount} currency={exchange.currency} isExact />,
          ),
          { label: t('id'), value: <Id value={invoice.id} isShort /> },
        ]}
      />
    </>
  );
}

function unlessNull(label: string, value: ReactNode) {
  return value ? [{ label, value }] : [];
}
