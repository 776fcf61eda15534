import { App, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { type Fapiao, fapiaoReads } from './fapiao.ts';
import { NumberFields } from './NumberFields.tsx';

interface ReverseForm {
  number: string;
  code?: string;
  reversed_on: string;
  reason?: string;
}

/** The red-letter fapiao that reverses one. */
export function ReverseDrawer({ fapiao, onClose }: { fapiao: Fapiao; onClose: () => void }) {
  const t = useTranslations('console.fapiao');
  const tOwn = useTranslations('fapiao');
  const { message } = App.useApp();
  const [form] = Form.useForm<ReverseForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const amount = useAmountText()(fapiao.amount, fapiao.currency, { isExact: true });
  const reverse = useChange('reverseFapiao', {
    refreshes: fapiaoReads,
    onDone: () => {
      void message.success(t('reverseDone'));
      onClose();
    },
  });
  const submit = ({ code, reason, ...fields }: ReverseForm) =>
    reverse.mutate({
      params: { id: fapiao.id },
      body: { ...fields, ...(code && { code }), ...(reason?.trim() && { reason: reason.trim() }) },
      idempotencyKey,
    });
  return (
    <FormDrawer
      title={t('reverseTitle', { number: fapiao.number ?? '' })}
      operation="reverseFapiao"
      submitLabel={t('reverse')}
      form={form}
      initialValues={{ reason: fapiao.reason ?? '' }}
      error={reverse.error}
      isPending={reverse.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <p className="soft form-note">{t('reverseNote', { amount })}</p>
      <NumberFields day="reversed_on" dayLabel={t('reversedOn')} numberLabel={t('redNumber')} />
      <Form.Item name="reason" label={tOwn('reason')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}
