import { Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { useWayName } from '../../features/payment/providers.ts';
import { useSession } from '../../features/session/session.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import type { TopUp } from './top-up.ts';

/** Says in words what is about to be paid, by whom and for whom. */
export function ConfirmTopUp({ topUp, onClose }: { topUp: TopUp; onClose: () => void }) {
  const t = useTranslations('billing');
  const tUi = useTranslations('ui');
  const tPackages = useTranslations('packages');
  const amount = useAmountText()(topUp.amount, topUp.currency, { isExact: true });
  const { way, ...sum } = topUp;
  const provider = useWayName()(way);
  const { organization } = useSession();
  const continuePayment = useContinuePayment();
  // One key for the life of the question: pressing twice pays once.
  const [idempotencyKey] = useState(newIdempotencyKey);
  const pay = useChange('topUpWallet', {
    refreshes: ['listPayments', 'listInvoices'],
    onDone: ({ payment }) => continuePayment(payment),
  });
  return (
    <Modal
      open
      closable={false}
      title={t('topUpTitle')}
      okText={tPackages('pay', { price: amount })}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: pay.isPending }}
      onOk={() => pay.mutate({ body: { ...sum, ...way }, idempotencyKey })}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('topUpConfirm', { amount, provider, organization: organization?.name ?? '' })}</p>
        <Refused error={pay.error} />
      </div>
    </Modal>
  );
}
