/** What is due came another way: one note says from where, and all of it counts as paid. */
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import type { Invoice } from './invoice.ts';
import { invoiceReads } from './invoice-reads.ts';

interface MarkPaidProps {
  invoice: Invoice;
  onClose: () => void;
}

export function MarkPaid({ invoice, onClose }: MarkPaidProps) {
  const t = useTranslations('console.invoices');
  const tPayments = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<{ note: string }>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const figures = {
    number: invoice.number ?? invoice.id,
    customer: useOrganizationName(invoice.organization) ?? invoice.customer.name,
    amount: useAmountText()(invoice.due, invoice.currency, { isExact: true }),
  };
  const mark = useChange('markInvoicePaid', {
    refreshes: [...invoiceReads, 'searchPayments', 'searchSubscriptions', 'inspectSubscription'],
    onDone: () => {
      void message.success(t('markDone', { number: figures.number }));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, mark.error);
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('markTitle', { number: figures.number })}
      okText={t('mark')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: mark.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('markNote', figures)}</p>
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          onFinish={(body) => mark.mutate({ params: { id: invoice.id }, body, idempotencyKey })}
          onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
        >
          <Form.Item
            name="note"
            label={tPayments('source')}
            extra={tPayments('sourceNote')}
            rules={[{ required: true, whitespace: true, message: tPayments('sourceRule') }]}
          >
            <Input maxLength={500} placeholder={tPayments('sourcePlaceholder')} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
