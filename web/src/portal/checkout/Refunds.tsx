import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import type { Payment } from '../../features/payment/PaymentStatus.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Refund = Answer<'listPaymentRefunds'>['data'][number];

const tones: Record<Refund['status'], Tone> = {
  pending: 'active',
  succeeded: 'good',
  failed: 'bad',
  unknown: 'warning',
};

/** What was given back of a payment; nothing where nothing was. */
export function Refunds({ payment }: { payment: Payment }) {
  const t = useTranslations('givenBack');
  const isRefunded = toNanos(payment.refunded) > 0n;
  const refunds = useQuery({
    ...reading('listPaymentRefunds', { params: { id: payment.id } }),
    enabled: isRefunded,
  });
  if (!isRefunded) return null;
  return (
    <Panel title={t('title')}>
      {refunds.error && <Failure error={refunds.error} onRetry={() => void refunds.refetch()} />}
      {refunds.isPending && <Loading rows={2} />}
      <ul className="records">
        {refunds.data?.data.map((refund) => (
          <li key={refund.id}>
            <div className="record">
              <div>
                <Status tone={tones[refund.status]}>{t(`statuses.${refund.status}`)}</Status>
                <p className="soft">
                  {t(`to.${refund.to}`)} · <When at={refund.created_at} />
                </p>
                <p>{refund.reason}</p>
              </div>
              <Amount value={refund.amount} currency={refund.currency} isExact />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
