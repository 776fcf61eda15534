/** What money that fitted nothing is for: the wallet, or an invoice. */
import { App, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { positiveAmountPattern } from '../forms/rules.ts';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';
import { unappliedReads } from './unapplied-reads.ts';

type Money = Answer<'listUnapplied'>['data'][number];

interface ApplyForm {
  target: 'wallet' | 'invoice';
  invoice?: string;
  organization?: string;
  rate?: string;
}

const targets = ['wallet', 'invoice'] as const;

export function ApplyUnapplied({ money, onClose }: { money: Money; onClose: () => void }) {
  const t = useTranslations('console.parked');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<ApplyForm>();
  const amount = useAmountText()(money.amount, money.currency, { isExact: true });
  const apply = useApply(money, onClose);
  const refusal = useFormRefusal(form, apply.error);
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('applyTitle', { amount })}
      okText={t('apply')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: apply.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ target: 'wallet' }}
          onFinish={apply.submit}
          onValuesChange={apply.renewKey}
        >
          <ApplyFields money={money} />
        </Form>
      </div>
    </Modal>
  );
}

function ApplyFields({ money }: { money: Money }) {
  const t = useTranslations('console.parked');
  const target = Form.useWatch<ApplyForm['target'] | undefined>('target') ?? 'wallet';
  return (
    <>
      {money.organization === null && (
        <Form.Item
          name="organization"
          label={t('customer')}
          extra={t('customerNote')}
          rules={[{ required: true, message: t('customerRule') }]}
        >
          <OrganizationSelect label={t('customer')} placeholder={t('customerPlaceholder')} />
        </Form.Item>
      )}
      <Form.Item name="target" label={t('target')}>
        <Radio.Group
          vertical
          options={targets.map((value) => ({ value, label: t(`targets.${value}`) }))}
        />
      </Form.Item>
      {target === 'invoice' && (
        <Form.Item
          name="invoice"
          label={t('invoice')}
          extra={t('invoiceNote')}
          rules={[{ required: true, whitespace: true, message: t('invoiceRule') }]}
        >
          <Input maxLength={100} placeholder="inv_…" autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item
        name="rate"
        label={t('rate')}
        extra={t('rateNote', { currency: money.currency })}
        rules={[{ pattern: positiveAmountPattern, message: t('rateRule') }]}
      >
        <Input inputMode="decimal" autoComplete="off" />
      </Form.Item>
    </>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, applies once. */
function useApply(money: Money, onClose: () => void) {
  const t = useTranslations('console.parked');
  const { message } = App.useApp();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const change = useChange('applyUnapplied', {
    refreshes: unappliedReads,
    onDone: () => {
      void message.success(t('applied'));
      onClose();
    },
  });
  return {
    error: change.error,
    isPending: change.isPending,
    renewKey: () => setIdempotencyKey(newIdempotencyKey()),
    submit: ({ target, invoice, organization, rate }: ApplyForm) =>
      change.mutate({
        params: { id: money.id },
        body: {
          ...(target === 'invoice' ? { invoice: invoice ?? '' } : { wallet: true as const }),
          ...(organization && { organization }),
          ...(rate && { rate }),
        },
        idempotencyKey,
      }),
  };
}
