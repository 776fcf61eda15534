import { Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import type { Invoice } from '../../features/invoice/invoice.ts';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { WayField } from '../../features/payment/WayField.tsx';
import { WayNote } from '../../features/payment/WayNote.tsx';
import { type PayWith, requestKey } from '../../features/payment/way.ts';
import { useWaysToPay } from '../../features/payment/ways-to-pay.ts';
import { useSession } from '../../features/session/session.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Loading } from '../../ui/Loading.tsx';

/** Asks how an invoice is to be paid, and says for whom and how much. */
export function PayInvoice({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const t = useTranslations('invoices');
  const tUi = useTranslations('ui');
  const { due, currency } = invoice;
  const amount = useAmountText()(due, currency, { isExact: true });
  const { organization } = useSession();
  const [form] = Form.useForm<{ way: PayWith }>();
  const way = Form.useWatch('way', form);
  // A top-up paid from the wallet would only go round in a circle.
  const withoutWallet = invoice.kind === 'top_up';
  const { options, error, retry } = useWaysToPay({ amount: due, currency, withoutWallet });
  const payment = usePayment(invoice);
  return (
    <Modal
      open
      closable={false}
      title={t('payTitle', { number: invoice.number ?? '' })}
      okText={t('payAmount', { amount })}
      cancelText={tUi('cancel')}
      okButtonProps={{ disabled: !way, loading: payment.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('payConfirm', { amount, organization: organization?.name ?? '' })}</p>
        {error && <Failure error={error} onRetry={retry} />}
        {!options && !error && <Loading rows={3} />}
        {options && (
          <Form form={form} layout="vertical" onFinish={(fields) => payment.pay(fields.way)}>
            <WayField options={options} />
          </Form>
        )}
        {way && <WayNote amount={due} currency={currency} way={way} />}
        <Refused error={payment.error} />
      </div>
    </Modal>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, pays once. */
function usePayment({ id }: Invoice) {
  const continuePayment = useContinuePayment();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const pay = useChange('payInvoice', {
    refreshes: [
      'getInvoice',
      'listInvoices',
      'listPayments',
      'getWallet',
      'listWalletTransactions',
      'getBillingSummary',
    ],
    onDone: ({ payment }) => continuePayment(payment),
  });
  return {
    isPending: pay.isPending,
    error: pay.error,
    pay: (way: PayWith) =>
      pay.mutate({
        params: { id },
        body: way,
        idempotencyKey: `${idempotencyKey}-${requestKey(way)}`,
      }),
  };
}
