import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { DeclineReason } from '../../features/payment/DeclineReason.tsx';
import { PaymentStatus } from '../../features/payment/PaymentStatus.tsx';
import { PayStep } from '../../features/payment/PayStep.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

const pollIntervalMs = 1_500;

interface PaymentUnderWayProps {
  link: string;
  id: string;
  onAgain: () => void;
}

/** What became of a payment that was begun with this link, asked again while it is open. */
export function PaymentUnderWay({ link, id, onAgain }: PaymentUnderWayProps) {
  const t = useTranslations('pay');
  const tCheckout = useTranslations('checkout');
  const payment = useQuery({
    ...reading('getLinkPayment', { params: { link, id } }),
    refetchInterval: ({ state }) => {
      const status = state.data?.status;
      return status === 'pending' || status === 'unknown' ? pollIntervalMs : false;
    },
  });
  const { data } = payment;
  return (
    <Panel title={t('underWay')}>
      {payment.isPending && <Loading rows={3} />}
      {payment.error && <Failure error={payment.error} onRetry={() => void payment.refetch()} />}
      {data && (
        <>
          <div className="stack" aria-live="polite">
            <PaymentStatus payment={data} />
            <p>{tCheckout(`notes.${data.status}`)}</p>
          </div>
          <DeclineReason code={data.decline_code} />
          {data.status === 'pending' && !data.processing && (
            <PayStep next={data.next} expiresAt={data.expires_at} />
          )}
          {data.status !== 'succeeded' && (
            <div className="actions">
              <Button onClick={onAgain}>{t('otherWay')}</Button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}
