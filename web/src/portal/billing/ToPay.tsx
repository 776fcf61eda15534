import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { type Invoice, isPayable, standingOf } from '../../features/invoice/invoice.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { When } from '../../ui/When.tsx';

/** Invoices for services that wait for money, each with its way to pay. */
export function ToPay() {
  const invoices = usePages('listInvoices', {});
  const owed = invoices.rows?.filter(isOwed).slice(0, shownMax) ?? [];
  return owed.map((invoice) => <Owed key={invoice.id} invoice={invoice} />);
}

const shownMax = 3;
const lateAfterMs = 86_400_000;

/** An unpaid purchase lapses by itself; only what is owed for a service is asked for. */
function isOwed(invoice: Invoice): boolean {
  const isService = invoice.kind === 'subscription' || invoice.kind === 'manual';
  return isService && invoice.status === 'open' && isPayable(invoice);
}

function Owed({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('billing');
  const now = useBusinessClock();
  const isDue = standingOf(invoice) === 'overdue';
  // What is due at once is not late while one is still paying it.
  const isLate = now().getTime() - Date.parse(invoice.due_at) > lateAfterMs;
  return (
    <Alert
      type={isLate ? 'error' : 'warning'}
      showIcon
      title={t.rich(isDue ? 'overdue' : 'toPay', {
        number: invoice.number ?? '',
        amount: () => <Amount value={invoice.due} currency={invoice.currency} isExact />,
        when: () => <When at={invoice.due_at} show="day" />,
      })}
      action={
        <ButtonLink
          to={paths.invoice}
          params={{ id: invoice.id }}
          search={{ pay: 'now' }}
          isPrimary
        >
          {t('pay')}
        </ButtonLink>
      }
    />
  );
}
