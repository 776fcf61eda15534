import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ApplicationSelect } from '../applications/ApplicationFilter.tsx';
import { planSlugPattern } from '../forms/rules.ts';
import { QuotasField } from '../quotas/QuotaFields.tsx';
import { FeaturesField } from './FeaturesField.tsx';
import { OfferFields } from './OfferFields.tsx';

export function PlanFields({ isNew }: { isNew: boolean }) {
  const t = useTranslations('console.plans');
  return (
    <>
      {isNew && <NewPlanFields />}
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="description" label={t('description')} extra={t('descriptionNote')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Form.Item>
      <OfferFields />
      <h3 className="form-head">{t('quotas')}</h3>
      <QuotasField />
      <h3 className="form-head">{t('features')}</h3>
      <Form.Item name="features">
        <FeaturesField />
      </Form.Item>
      <RateFields />
      <Form.Item name="sort_order" label={t('order')} extra={t('orderNote')}>
        <InputNumber min={-1_000_000} max={1_000_000} precision={0} className="full" />
      </Form.Item>
    </>
  );
}

function NewPlanFields() {
  const t = useTranslations('console.plans');
  return (
    <>
      <Form.Item name="application" label={t('application')}>
        <ApplicationSelect />
      </Form.Item>
      <Form.Item
        name="slug"
        label={t('slug')}
        extra={t('slugNote')}
        rules={[{ required: true, pattern: planSlugPattern, message: t('slugRule') }]}
      >
        <Input maxLength={60} placeholder="medical-pro" autoComplete="off" />
      </Form.Item>
    </>
  );
}

const rates = [
  { name: 'rpm', max: 1_000_000_000 },
  { name: 'tpm', max: 1_000_000_000_000 },
  { name: 'concurrency', max: 1_000_000 },
] as const;

/** Rates, models, and what happens on short funds. */
export function RateFields() {
  const t = useTranslations('console.plans');
  const priced = usePages('searchModelPrices', { query: { limit: 200 } });
  return (
    <>
      <h3 className="form-head">{t('rates')}</h3>
      <div className="fields">
        {rates.map(({ name, max }) => (
          <Form.Item key={name} name={['rate_limits', name]} label={t(name)}>
            <InputNumber
              min={1}
              max={max}
              precision={0}
              className="full"
              placeholder={t('unlimited')}
            />
          </Form.Item>
        ))}
      </div>
      <Form.Item
        name="models"
        label={t('models')}
        extra={t('modelsNote')}
        rules={[{ required: true, message: t('modelsRule') }]}
      >
        <Select
          mode="tags"
          tokenSeparators={[',', ' ', '\n']}
          options={['*', ...(priced.rows ?? []).map(({ model }) => model)].map((value) => ({
            value,
            label: value,
          }))}
        />
      </Form.Item>
      <Form.Item name="on_short_funds" label={t('onShortFunds')}>
        <Select
          options={(['reject', 'cap'] as const).map((value) => ({
            value,
            label: t(`shortFunds.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="on_abort" label={t('onAbort')} extra={t('onAbortNote')}>
        <Select
          options={(['delivered', 'drained'] as const).map((value) => ({
            value,
            label: t(`abort.${value}`),
          }))}
        />
      </Form.Item>
    </>
  );
}
