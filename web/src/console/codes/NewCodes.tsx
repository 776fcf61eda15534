import { Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { instantIn } from '../../ui/zone-instant.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { positiveAmountPattern } from '../forms/rules.ts';
import { MadeCodes } from './MadeCodes.tsx';

interface CodesForm {
  name: string;
  count: number;
  amount: string;
  credit_expires_in_days?: number | null;
  /** What clocks of the page's zone will show. */
  expires_at?: string;
  max_redemptions_per_organization: number;
}

const codesMax = 10_000;
const daysMax = 3_650;

/** A batch's form, and then its codes, this once. */
export function NewCodes({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.codes');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<CodesForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const [made, setMade] = useState<Answer<'createRedemptionCodes'>>();
  const create = useChange('createRedemptionCodes', {
    refreshes: ['searchRedemptionCodes'],
    onDone: setMade,
  });
  if (made) return <MadeCodes batch={made} onClose={onClose} />;
  const submit = ({ expires_at: until, ...fields }: CodesForm) => {
    const expiresAt = until ? instantIn(timeZone, until) : null;
    create.mutate({ body: { ...fields, expires_at: expiresAt }, idempotencyKey });
  };
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createRedemptionCodes"
      submitLabel={t('create')}
      form={form}
      initialValues={{ count: 10, max_redemptions_per_organization: 1 }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <Fields />
    </FormDrawer>
  );
}

function Fields() {
  const t = useTranslations('console.codes');
  const tForms = useTranslations('console.forms');
  const timeZone = useTimeZone() ?? 'UTC';
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameNote')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <div className="fields">
        <Form.Item
          name="count"
          label={t('count')}
          rules={[{ required: true, message: t('countRule') }]}
        >
          <InputNumber min={1} max={codesMax} precision={0} className="full" />
        </Form.Item>
        <Form.Item
          name="amount"
          label={t('amount')}
          rules={[
            { required: true, pattern: positiveAmountPattern, message: tForms('positiveRule') },
          ]}
        >
          <Input inputMode="decimal" placeholder="10.00" autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="credit_expires_in_days" label={t('days')} extra={t('daysNote')}>
        <InputNumber min={1} max={daysMax} precision={0} className="full" />
      </Form.Item>
      <Form.Item name="expires_at" label={t('until')} extra={t('untilNote', { timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item
        name="max_redemptions_per_organization"
        label={t('maxEach')}
        rules={[{ required: true, message: t('countRule') }]}
      >
        <InputNumber min={1} max={codesMax} precision={0} className="full" />
      </Form.Item>
    </>
  );
}
