import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, InputNumber, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import type { OfferedAddOn } from '../../features/offers/add-ons.ts';
import { seatsMax } from '../../features/offers/seats.ts';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { type PayWith, requestKey } from '../../features/payment/way.ts';
import { type Subscription, touchedByChange } from '../../features/subscription/subscription.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { When } from '../../ui/When.tsx';
import { PayField } from '../subscribe/PayField.tsx';
import { PreviewLines } from '../subscribe/PreviewPanel.tsx';
import { outcomeOf } from '../subscribe/preview.ts';

interface AskAddOnProps {
  addOn: OfferedAddOn;
  subscription: Subscription;
  onClose: () => void;
}

/** How many of an add-on are wanted, with exactly what that costs now. */
export function AskAddOn({ addOn: { plan }, subscription, onClose }: AskAddOnProps) {
  const t = useTranslations('addOns');
  const tUi = useTranslations('ui');
  const amountText = useAmountText();
  const field = useId();
  const had = subscription.add_ons.find((one) => one.plan.id === plan.id);
  const isSame = (count: number) => count === had?.quantity && had.next_quantity === null;
  const [quantity, setQuantity] = useState(had ? (had.next_quantity ?? had.quantity) : 1);
  const [way, setWay] = useState<PayWith>();
  const body = { plan: plan.slug, quantity };
  const isAsked = !isSame(quantity) && (had !== undefined || quantity > 0);
  const preview = useQuery({
    ...reading('previewAddOn', { params: { id: subscription.id }, body }),
    placeholderData: keepPreviousData,
    enabled: isAsked,
    retry: false,
  });
  const set = useSetAddOn(subscription.id, onClose);
  const said = isAsked ? preview.data : undefined;
  const outcome = said && outcomeOf(said);
  const due = outcome?.kind === 'pay' ? outcome.amount : undefined;
  const { currency } = subscription;
  return (
    <Modal
      open
      closable={false}
      title={plan.name}
      okText={
        due ? t('pay', { amount: amountText(due, currency, { isExact: true }) }) : t('confirm')
      }
      cancelText={tUi('close')}
      okButtonProps={{
        loading: set.isPending,
        disabled: !said || (due !== undefined && !way),
      }}
      onOk={() => set.start(due && way ? { ...body, ...way } : body)}
      onCancel={onClose}
    >
      <div className="stack">
        <div className="choice-field">
          <label htmlFor={field}>{t('quantity')}</label>
          <div>
            <InputNumber
              id={field}
              min={0}
              max={seatsMax}
              precision={0}
              value={quantity}
              onChange={(value) => setQuantity(value ?? 0)}
            />
          </div>
          <small className="soft">{t('quantityNote')}</small>
        </div>
        {isAsked && preview.error && (
          <Failure error={preview.error} onRetry={() => void preview.refetch()} />
        )}
        {isAsked && preview.isPending && <Loading rows={3} />}
        {said && <PreviewLines preview={said} />}
        {said?.effect === 'period_end' && (
          <p>{t.rich('later', { when: () => <When at={said.effective_at} show="day" /> })}</p>
        )}
        {due && <PayField amount={due} currency={currency} way={way} onChoose={setWay} />}
        <Refused error={set.error} />
      </div>
    </Modal>
  );
}

/** One key for the life of the question: pressing twice does it once. */
function useSetAddOn(id: string, onClose: () => void) {
  const t = useTranslations('addOns');
  const { message } = App.useApp();
  const continuePayment = useContinuePayment();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const set = useChange('setAddOn', {
    refreshes: touchedByChange,
    onDone: ({ payment }) => {
      if (payment) continuePayment(payment);
      else void message.success(t('done'));
      onClose();
    },
  });
  return {
    isPending: set.isPending,
    error: set.error,
    start: (body: { plan: string; quantity: number } & PayWith) =>
      set.mutate({
        params: { id },
        body,
        idempotencyKey: `${idempotencyKey}-${body.quantity}-${requestKey(body)}`,
      }),
  };
}
