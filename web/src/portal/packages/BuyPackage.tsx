import { Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import type { Package } from '../../features/catalog/PackageCard.tsx';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { WayField } from '../../features/payment/WayField.tsx';
import { WayNote } from '../../features/payment/WayNote.tsx';
import { type PayWith, requestKey } from '../../features/payment/way.ts';
import { useWaysToPay } from '../../features/payment/ways-to-pay.ts';
import { useSession } from '../../features/session/session.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Loading } from '../../ui/Loading.tsx';

/** Says in words what is about to be paid, and asks how. */
export function BuyPackage({ item, onClose }: { item: Package; onClose: () => void }) {
  const t = useTranslations('packages');
  const tUi = useTranslations('ui');
  const amount = useAmountText();
  const { organization } = useSession();
  const [form] = Form.useForm<{ way: PayWith }>();
  const way = Form.useWatch('way', form);
  const { options, error, retry } = useWaysToPay({
    amount: item.price,
    currency: item.currency,
  });
  const purchase = usePurchase(item);
  const price = amount(item.price, item.currency, { isExact: true });
  return (
    <Modal
      open
      closable={false}
      title={t('confirmTitle', { name: item.name })}
      okText={t('pay', { price })}
      cancelText={tUi('cancel')}
      okButtonProps={{ disabled: !way, loading: purchase.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>
          {t('confirm', {
            name: item.name,
            price,
            daily: amount(item.daily_limit, item.usage_currency, { isExact: true }),
            days: item.duration_days,
            organization: organization?.name ?? '',
          })}
        </p>
        {error && <Failure error={error} onRetry={retry} />}
        {!options && !error && <Loading rows={3} />}
        {options && (
          <Form
            hidden={isFree(item)}
            form={form}
            layout="vertical"
            onFinish={(fields) => purchase.pay(fields.way)}
          >
            <WayField options={options} />
          </Form>
        )}
        {way && !isFree(item) && <WayNote amount={item.price} currency={item.currency} way={way} />}
        <Refused error={purchase.error} />
      </div>
    </Modal>
  );
}

function isFree(item: Package): boolean {
  return toNanos(item.price) === 0n;
}

/** One key for the life of the question: pressing twice, or again after a lost answer, buys once. */
function usePurchase(item: Package) {
  const continuePayment = useContinuePayment();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const purchase = useChange('purchasePackage', {
    refreshes: [
      'getBillingSummary',
      'getWallet',
      'listWalletTransactions',
      'listPayments',
      'listInvoices',
    ],
    onDone: ({ payment }) => continuePayment(payment),
  });
  return {
    isPending: purchase.isPending,
    error: purchase.error,
    pay: (way: PayWith) =>
      purchase.mutate({
        params: { id: item.id },
        body: way,
        // Another way is another purchase; the same one again is the same.
        idempotencyKey: `${idempotencyKey}-${requestKey(way)}`,
      }),
  };
}
