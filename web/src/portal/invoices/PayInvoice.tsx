import { Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import type { Invoice } from '../../features/invoice/invoice.ts';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { ProviderField } from '../../features/payment/ProviderField.tsx';
import { WayNote } from '../../features/payment/WayNote.tsx';
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
  const [form] = Form.useForm<{ provider: string }>();
  const provider = Form.useWatch('provider', form);
  const ways = useWaysToPay({ amount: due, currency });
  // A top-up paid from the wallet would only go round in a circle.
  const options = ways.options?.filter(
    ({ value }) => invoice.kind !== 'top_up' || value !== 'wallet',
  );
  const payment = usePayment(invoice);
  return (
    <Modal
      open
      closable={false}
      title={t('payTitle', { number: invoice.number ?? '' })}
      okText={t('payAmount', { amount })}
      cancelText={tUi('cancel')}
      okButtonProps={{ disabled: !provider, loading: payment.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('payConfirm', { amount, organization: organization?.name ?? '' })}</p>
        {ways.error && <Failure error={ways.error} onRetry={ways.retry} />}
        {!options && !ways.error && <Loading rows={3} />}
        {options && (
          <Form
            form={form}
            layout="vertical"
            initialValues={{ provider: options.find((way) => !way.blockedBecause)?.value }}
            onFinish={(fields) => payment.pay(fields.provider)}
          >
            <ProviderField options={options} />
          </Form>
        )}
        {provider && <WayNote amount={due} currency={currency} provider={provider} />}
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
    pay: (provider: string) =>
      pay.mutate({
        params: { id },
        body: { provider },
        idempotencyKey: `${idempotencyKey}-${provider}`,
      }),
  };
}
