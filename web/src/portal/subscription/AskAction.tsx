import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { type PayWith, requestKey } from '../../features/payment/way.ts';
import { isTermNotOver, TermNote } from '../../features/quotes/TermNote.tsx';
import {
  type Subscription,
  type SubscriptionPurchase,
  touchedByChange,
} from '../../features/subscription/subscription.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { When } from '../../ui/When.tsx';
import { PayField } from '../subscribe/PayField.tsx';
import { PreviewLines } from '../subscribe/PreviewPanel.tsx';
import { outcomeOf } from '../subscribe/preview.ts';
import { type Action, operationOf, type Timing, timingsOf, wordOf } from './action.ts';

interface AskActionProps {
  action: Action;
  subscription: Subscription;
  onClose: () => void;
}

/** Asks before a subscription is canceled, paused or taken up again, with exactly what that invoices or gives back. */
export function AskAction({ action, subscription, onClose }: AskActionProps) {
  const t = useTranslations('subscription');
  const tUi = useTranslations('ui');
  const amountText = useAmountText();
  const timings = timingsOf(subscription);
  const [when, setWhen] = useState<Timing>(timings[0] ?? 'now');
  const [way, setWay] = useState<PayWith>();
  const body = action === 'cancel' ? { action, when } : { action };
  const preview = useQuery({
    ...reading('previewSubscription', { params: { id: subscription.id }, body }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isBound = preview.error !== null && isTermNotOver(preview.error);
  const change = useAction(action, subscription.id, onClose);
  const outcome = preview.data && outcomeOf(preview.data);
  const due = outcome?.kind === 'pay' && action === 'resume' ? outcome.amount : undefined;
  const currency = subscription.currency;
  return (
    <Modal
      open
      closable={false}
      title={t(`ask.${wordOf(action, subscription)}`, { name: subscription.plan.name })}
      okText={
        due
          ? t('payAndResume', { amount: amountText(due, currency, { isExact: true }) })
          : t(`actions.${wordOf(action, subscription)}`)
      }
      cancelText={tUi('close')}
      okButtonProps={{
        danger: action === 'cancel',
        loading: change.isPending,
        disabled: !preview.data || (due !== undefined && !way),
      }}
      onOk={() => change.start({ when, way: due ? way : undefined })}
      onCancel={onClose}
    >
      <div className="stack">
        {!isBound && <p>{t(`askNote.${action}`)}</p>}
        {action === 'cancel' && timings.length > 1 && (
          <TimingField periodEnd={subscription.period.to} when={when} onChoose={setWhen} />
        )}
        {preview.error &&
          (isBound ? (
            <TermNote subscription={subscription.id} />
          ) : (
            <Failure error={preview.error} onRetry={() => void preview.refetch()} />
          ))}
        {preview.isPending && <Loading rows={3} />}
        {preview.data && preview.data.lines.length > 0 && <PreviewLines preview={preview.data} />}
        {due && <PayField amount={due} currency={currency} way={way} onChoose={setWay} />}
        <Refused error={change.error} />
      </div>
    </Modal>
  );
}

interface TimingFieldProps {
  periodEnd: string | null;
  when: Timing;
  onChoose: (when: Timing) => void;
}

function TimingField({ periodEnd, when, onChoose }: TimingFieldProps) {
  const t = useTranslations('subscription');
  return (
    <Radio.Group
      className="choices"
      aria-label={t('when')}
      value={when}
      onChange={({ target }) => onChoose(target.value)}
    >
      <Radio value="period_end">
        {t.rich('atPeriodEnd', {
          when: () => (periodEnd ? <When at={periodEnd} show="day" /> : null),
        })}
      </Radio>
      <Radio value="now">{t('now')}</Radio>
    </Radio.Group>
  );
}

/** One key for the life of the question: pressing twice does it once. */
function useAction(action: Action, id: string, onClose: () => void) {
  const t = useTranslations('subscription');
  const { message } = App.useApp();
  const continuePayment = useContinuePayment();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const onDone = ({ payment }: SubscriptionPurchase) => {
    if (payment) continuePayment(payment);
    else void message.success(t(`done.${action}`));
    onClose();
  };
  const options = { refreshes: touchedByChange, onDone };
  const cancel = useChange(operationOf.cancel, options);
  const pause = useChange(operationOf.pause, options);
  const resume = useChange(operationOf.resume, options);
  const { isPending, error } = { cancel, pause, resume }[action];
  return {
    isPending,
    error,
    start: ({ when, way }: { when: Timing; way: PayWith | undefined }) => {
      const order = {
        params: { id },
        idempotencyKey: `${idempotencyKey}-${when}-${requestKey(way)}`,
      };
      if (action === 'cancel') cancel.mutate({ ...order, body: { when } });
      if (action === 'pause') pause.mutate({ ...order, body: {} });
      if (action === 'resume') resume.mutate({ ...order, body: way ?? {} });
    },
  };
}
