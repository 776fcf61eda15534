/** Gives a payment back: first how much and where to, then in words what that does. */
import { App, Checkbox, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useProviderName } from '../../features/payment/providers.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { ReasonField } from '../forms/ReasonQuestion.tsx';
import { positiveAmountPattern } from '../forms/rules.ts';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import type { InspectedPayment } from './refund-columns.tsx';

interface RefundPaymentProps {
  payment: InspectedPayment;
  refundable: NonNullable<InspectedPayment['refundable']>;
  onClose: () => void;
}

interface RefundForm {
  amount?: string;
  to: 'provider' | 'wallet';
  leavesDebt?: boolean;
  reason: string;
}

export function RefundPayment({ payment, refundable, onClose }: RefundPaymentProps) {
  const t = useTranslations('console.refunds');
  const tUi = useTranslations('ui');
  const tForms = useTranslations('console.forms');
  const [form] = Form.useForm<RefundForm>();
  const [asked, setAsked] = useState<RefundForm>();
  const refund = useRefund(payment, { onClose, onRefused: () => setAsked(undefined) });
  const refusal = useFormRefusal(form, refund.error);
  const to = refundable.by_provider === 'none' ? 'wallet' : 'provider';
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('titleOf')}
      okText={asked ? t('refund') : tForms('continue')}
      cancelText={asked ? tForms('back') : tUi('cancel')}
      okButtonProps={{ danger: asked !== undefined, loading: refund.isPending }}
      onOk={() => (asked ? refund.submit(asked) : form.submit())}
      onCancel={() => (asked && !refund.isPending ? setAsked(undefined) : onClose())}
    >
      <div className="stack">
        <Refused error={asked ? null : refusal} />
        {asked && <Question payment={payment} refundable={refundable} asked={asked} />}
        <Form
          form={form}
          hidden={asked !== undefined}
          layout="vertical"
          initialValues={{ to }}
          onFinish={setAsked}
          onValuesChange={refund.renewKey}
        >
          <RefundFields payment={payment} refundable={refundable} />
        </Form>
      </div>
    </Modal>
  );
}

function RefundFields({ payment, refundable }: Omit<RefundPaymentProps, 'onClose'>) {
  const t = useTranslations('console.refunds');
  const tForms = useTranslations('console.forms');
  const provider = useProviderName()(payment.provider);
  const left = useAmountText()(refundable.amount, payment.currency, { isExact: true });
  const { by_provider: byProvider } = refundable;
  const toNotes = { none: t('noneByProvider', { provider }), whole: t('wholeOnly', { provider }) };
  return (
    <>
      <Form.Item
        name="amount"
        label={t('amount')}
        extra={t('amountNote', { left })}
        rules={[{ pattern: positiveAmountPattern, message: tForms('positiveRule') }]}
      >
        <Input
          inputMode="decimal"
          autoComplete="off"
          suffix={<span className="soft">{payment.currency}</span>}
        />
      </Form.Item>
      <Form.Item
        name="to"
        label={t('where')}
        extra={byProvider === 'part' ? undefined : toNotes[byProvider]}
      >
        <Radio.Group
          vertical
          options={[
            {
              value: 'provider',
              label: t('whereProvider', { provider }),
              disabled: byProvider === 'none',
            },
            { value: 'wallet', label: t('whereWallet') },
          ]}
        />
      </Form.Item>
      <Form.Item name="leavesDebt" valuePropName="checked" extra={t('debtNote')}>
        <Checkbox>{t('debt')}</Checkbox>
      </Form.Item>
      <ReasonField />
    </>
  );
}

function Question({
  payment,
  refundable,
  asked,
}: Omit<RefundPaymentProps, 'onClose'> & { asked: RefundForm }) {
  const t = useTranslations('console.refunds');
  const amountText = useAmountText();
  const money = (value: string) => amountText(value, payment.currency, { isExact: true });
  const name = useOrganizationName(payment.organization ?? undefined);
  return (
    <p>
      {t('confirm', {
        customer: name ?? payment.organization ?? '',
        amount: asked.amount
          ? money(asked.amount)
          : t('confirmAll', { left: money(refundable.amount) }),
      })}
    </p>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, gives back once. */
function useRefund(payment: InspectedPayment, on: { onClose: () => void; onRefused: () => void }) {
  const t = useTranslations('console.refunds');
  const { message } = App.useApp();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const change = useChange('refundPayment', {
    refreshes: [
      ...(['inspectPayment', 'searchPayments', 'searchRefunds', 'inspectInvoice'] as const),
      ...(['searchCreditNotes', 'inspectOrganization', 'getOverview'] as const),
    ],
    onDone: ({ status, failure }) => {
      const text = t(`done.${status}`, { failure: failure ?? '' });
      void (status === 'failed' ? message.error(text) : message.success(text));
      on.onClose();
    },
  });
  return {
    error: change.error,
    isPending: change.isPending,
    renewKey: () => setIdempotencyKey(newIdempotencyKey()),
    submit: ({ amount, to, leavesDebt, reason }: RefundForm) =>
      change.mutate(
        {
          params: { id: payment.id },
          body: { ...(amount && { amount }), to, reason, leaves_debt: leavesDebt ?? false },
          idempotencyKey,
        },
        { onError: on.onRefused },
      ),
  };
}
