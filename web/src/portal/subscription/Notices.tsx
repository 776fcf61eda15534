import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { isPayable } from '../../features/invoice/invoice.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { When } from '../../ui/When.tsx';
import { cyclePriceOf } from '../subscribe/preview.ts';

/** What one must know before all else: what is owed, and what will change. */
export function Notices({ subscription }: { subscription: Subscription }) {
  return (
    <>
      <Owed subscription={subscription} />
      <Pending subscription={subscription} />
      <State subscription={subscription} />
    </>
  );
}

/** The invoice that waits for money, with the way to pay it. */
function Owed({ subscription: { status, latest_invoice: id } }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const invoice = useQuery({
    ...reading('getInvoice', { params: { id: id ?? '' } }),
    enabled: id !== null,
  });
  if (!invoice.data || !isPayable(invoice.data)) return null;
  const { due, currency, due_at: dueAt } = invoice.data;
  const note = status === 'past_due' ? 'owed' : status === 'incomplete' ? 'unpaid' : 'open';
  return (
    <Alert
      type={status === 'past_due' ? 'error' : 'warning'}
      showIcon
      title={t.rich(`notices.${note}`, {
        amount: () => <Amount value={due} currency={currency} isExact />,
        when: () => <When at={dueAt} show="day" />,
      })}
      action={
        <ButtonLink
          to={paths.invoice}
          params={{ id: invoice.data.id }}
          search={{ pay: 'now' }}
          isPrimary
        >
          {t('pay')}
        </ButtonLink>
      }
    />
  );
}

function Pending({ subscription: { pending } }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const { per } = useCycleText();
  if (!pending) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={t.rich('notices.pending', {
        name: pending.plan.name,
        when: () => <When at={pending.effective_at} show="day" />,
        price: () => (
          <>
            <Amount value={cyclePriceOf(pending)} currency={pending.currency} isExact />{' '}
            {per(pending.billing_cycle)}
          </>
        ),
      })}
    />
  );
}

function State({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const { status, cancel_at: cancelAt } = subscription;
  if (status === 'paused') return <Alert type="warning" showIcon title={t('notices.paused')} />;
  if (cancelAt === null) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={t.rich('notices.canceled', { when: () => <When at={cancelAt} show="day" /> })}
    />
  );
}
