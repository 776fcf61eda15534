import { Form, Input, InputNumber } from 'antd';
import { useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { CurrencyField } from '../forms/CurrencyField.tsx';
import { amountPattern, positiveAmountPattern } from '../forms/rules.ts';
import { QuotasField } from '../quotas/QuotaFields.tsx';
import { type QuotaForm, toQuotaBody } from '../quotas/quota-form.ts';

export interface PackageForm {
  name: string;
  description?: string;
  price: string;
  currency?: string;
  duration_days: number;
  daily_limit: string;
  quotas?: QuotaForm[];
  sort_order: number | null;
}

export function toBody(fields: PackageForm): Request<'createPackage'>['body'] {
  const { name, description, price, currency, duration_days, daily_limit, sort_order } = fields;
  return {
    name,
    description: description?.trim() || null,
    price,
    ...(currency && { currency }),
    duration_days,
    daily_limit,
    quotas: (fields.quotas ?? []).map(toQuotaBody),
    sort_order: sort_order ?? 0,
  };
}

export function PackageFields({ usageCurrency }: { usageCurrency?: string }) {
  const t = useTranslations('console.packages');
  const tForms = useTranslations('console.forms');
  const deployment = useDeployment();
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} placeholder={t('namePlaceholder')} />
      </Form.Item>
      <Form.Item name="description" label={t('description')} extra={t('descriptionNote')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Form.Item>
      <div className="fields">
        <Form.Item
          name="price"
          label={t('price')}
          rules={[{ required: true, pattern: amountPattern, message: tForms('amountRule') }]}
        >
          <Input inputMode="decimal" placeholder="30.00" autoComplete="off" />
        </Form.Item>
        <CurrencyField />
      </div>
      <div className="fields">
        <Form.Item
          name="duration_days"
          label={t('days')}
          rules={[{ required: true, message: t('daysRule') }]}
        >
          <InputNumber min={1} max={3660} precision={0} className="full" />
        </Form.Item>
        <Form.Item
          name="daily_limit"
          label={t('dailyLimit')}
          rules={[
            { required: true, pattern: positiveAmountPattern, message: tForms('amountRule') },
          ]}
        >
          <Input
            inputMode="decimal"
            placeholder="5.00"
            autoComplete="off"
            suffix={<span className="soft">{usageCurrency ?? deployment?.usage_currency}</span>}
          />
        </Form.Item>
      </div>
      <h3>{t('quotas')}</h3>
      <p className="soft form-note">{t('quotasNote')}</p>
      <QuotasField />
      <Form.Item name="sort_order" label={t('order')} extra={t('orderNote')}>
        <InputNumber min={-1_000_000} max={1_000_000} precision={0} className="full" />
      </Form.Item>
    </>
  );
}
