import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { CountryField } from '../forms/CountryField.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import {
  percentPattern,
  type RateForm,
  rateFormOf,
  type TaxRate,
  toNewRate,
  toRateChange,
} from './rate-form.ts';

const refreshes = ['listTaxRates'] as const;

export function NewRate({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.tax');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<RateForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createTaxRate', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('addTitle')}
      operation="createTaxRate"
      submitLabel={t('add')}
      form={form}
      initialValues={{ inclusive: false }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: toNewRate(fields, timeZone), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <p className="soft form-note">{t('addNote')}</p>
      <RateFields />
    </FormDrawer>
  );
}

export function EditRate({ rate, onClose }: { rate: TaxRate; onClose: () => void }) {
  const t = useTranslations('console.tax');
  const tUi = useTranslations('ui');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<RateForm>();
  const update = useChange('updateTaxRate', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updateTaxRate"
      submitLabel={tUi('save')}
      form={form}
      initialValues={rateFormOf(rate, timeZone)}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) =>
        update.mutate({ params: { id: rate.id }, body: toRateChange(fields, rate, timeZone) })
      }
      onClose={onClose}
    >
      <p className="soft form-note">{t('editNote')}</p>
      <RateFields />
    </FormDrawer>
  );
}

function RateFields() {
  const t = useTranslations('console.tax');
  const timeZone = useTimeZone() ?? 'UTC';
  return (
    <>
      <div className="fields">
        <CountryField isRequired />
        <Form.Item
          name="rate"
          label={t('rate')}
          rules={[{ required: true, pattern: percentPattern, message: t('rateRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" suffix={<span className="soft">%</span>} />
        </Form.Item>
      </div>
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameNote')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={40} placeholder="VAT" autoComplete="off" />
      </Form.Item>
      <Form.Item name="inclusive" label={t('prices')}>
        <Radio.Group
          vertical
          options={[
            { value: false, label: t('exclusive') },
            { value: true, label: t('inclusive') },
          ]}
        />
      </Form.Item>
      <Form.Item name="valid_from" label={t('from')} extra={t('fromNote', { timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
    </>
  );
}
