/** Money that came another way. First what came, then in words what recording it will do. */
import { App, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { type ManualPaymentForm, RecordPaymentFields } from './RecordPaymentFields.tsx';

interface RecordPaymentProps {
  /** Left out, any customer may be chosen. */
  organization?: { id: string; name: string };
  /** What is to be paid, as a proposal. */
  invoice?: { id: string; due: string };
  /** The wallet's or the invoice's, as a proposal. */
  currency?: string;
  onClose: () => void;
}

export function RecordPayment({ organization, invoice, currency, onClose }: RecordPaymentProps) {
  const t = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<ManualPaymentForm>();
  const [asked, setAsked] = useState<ManualPaymentForm>();
  const record = useRecord({ onClose, onRefused: () => setAsked(undefined) });
  const refusal = useFormRefusal(form, record.error);
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t(asked ? 'confirmTitle' : 'recordTitle')}
      okText={t(asked ? 'record' : 'review')}
      cancelText={asked ? t('back') : tUi('cancel')}
      okButtonProps={{ loading: record.isPending }}
      onOk={() => (asked ? record.submit(asked) : form.submit())}
      onCancel={() => (asked && !record.isPending ? setAsked(undefined) : onClose())}
    >
      <div className="stack">
        <Refused error={asked ? null : refusal} />
        {asked && <Question payment={asked} customer={organization?.name} />}
        <Form
          form={form}
          hidden={asked !== undefined}
          layout="vertical"
          initialValues={{
            organization: organization?.id,
            invoice: invoice?.id,
            amount: invoice?.due,
            currency,
          }}
          onFinish={setAsked}
          onValuesChange={record.renewKey}
        >
          <RecordPaymentFields isCustomerFixed={organization !== undefined} />
        </Form>
      </div>
    </Modal>
  );
}

function Question({
  payment,
  customer,
}: {
  payment: ManualPaymentForm;
  customer: string | undefined;
}) {
  const t = useTranslations('console.payments');
  const amount = useAmountText()(payment.amount, payment.currency, { isExact: true });
  const found = useOrganizationName(customer ? undefined : payment.organization);
  const figures = { amount, customer: customer ?? found ?? payment.organization };
  return (
    <>
      <p>
        {payment.invoice
          ? t('confirmInvoice', { ...figures, invoice: payment.invoice })
          : t('confirmTopUp', figures)}
      </p>
      <p className="soft">{t('confirmNote', { note: payment.note })}</p>
    </>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, records once. */
function useRecord({ onClose, onRefused }: { onClose: () => void; onRefused: () => void }) {
  const t = useTranslations('console.payments');
  const { message } = App.useApp();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const change = useChange('recordManualPayment', {
    refreshes: [
      'searchPayments',
      'inspectOrganization',
      'getOverview',
      'inspectInvoice',
      'searchInvoices',
    ],
    onDone: () => {
      void message.success(t('recorded'));
      onClose();
    },
  });
  return {
    error: change.error,
    isPending: change.isPending,
    renewKey: () => setIdempotencyKey(newIdempotencyKey()),
    submit: ({ invoice, ...body }: ManualPaymentForm) =>
      change.mutate(
        { body: { ...body, ...(invoice && { invoice }) }, idempotencyKey },
        { onError: onRefused },
      ),
  };
}
