/** What a quote offers: to whom, at which price, for how long, and the private plan behind it. */
import { Form, Input, InputNumber, Select } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import {
  amountPattern,
  currencyPattern,
  positiveAmountPattern,
  toCapitals,
} from '../forms/rules.ts';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';
import { ChargesField } from '../plans/ChargesField.tsx';
import { FeaturesField } from '../plans/FeaturesField.tsx';
import { OverageField } from '../plans/OverageField.tsx';
import { type Interval, intervals, prorations, refunds } from '../plans/offer-form.ts';
import { RateFields } from '../plans/PlanFields.tsx';
import { QuotasField } from '../quotas/QuotaFields.tsx';

const seatsMax = 1_000_000;
const cyclesMax = 120;
const trialDaysMax = 730;
const countMax = 999;

export function QuoteFields({ isNew }: { isNew: boolean }) {
  const t = useTranslations('console.quotes');
  const tPlans = useTranslations('console.plans');
  const tOffer = useTranslations('console.offer');
  return (
    <>
      <AddressFields isNew={isNew} />
      <h3 className="form-head">{t('price')}</h3>
      <PriceFields />
      <TermFields />
      <h3 className="form-head">{tOffer('charges')}</h3>
      <ChargesField />
      <RuleFields />
      <h3 className="form-head">{tPlans('quotas')}</h3>
      <OverageField />
      <QuotasField />
      <h3 className="form-head">{tPlans('features')}</h3>
      <Form.Item name="features">
        <FeaturesField />
      </Form.Item>
      <RateFields />
    </>
  );
}

function AddressFields({ isNew }: { isNew: boolean }) {
  const t = useTranslations('console.quotes');
  const tPlans = useTranslations('console.plans');
  const tPayments = useTranslations('console.payments');
  return (
    <>
      {isNew && (
        <Form.Item
          name="organization"
          label={t('customer')}
          rules={[{ required: true, message: t('customerRule') }]}
        >
          <OrganizationSelect
            label={t('customer')}
            placeholder={tPayments('customerPlaceholder')}
          />
        </Form.Item>
      )}
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameNote')}
        rules={[{ required: true, whitespace: true, message: tPlans('nameRule') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="message" label={t('message')} extra={t('messageNote')}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={5000} />
      </Form.Item>
    </>
  );
}

function PriceFields() {
  const t = useTranslations('console.offer');
  const tOwn = useTranslations('subscription');
  const tForms = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  const interval = Form.useWatch<Interval | undefined>(['price', 'interval']);
  return (
    <>
      <div className="fields">
        <Form.Item
          name={['price', 'amount']}
          label={tUi('amount')}
          rules={[{ required: true, pattern: amountPattern, message: tForms('amountRule') }]}
        >
          <Input inputMode="decimal" placeholder="2500.00" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={['price', 'currency']}
          label={tUi('currency')}
          normalize={toCapitals}
          rules={[{ required: true, pattern: currencyPattern, message: tForms('currencyRule') }]}
        >
          <Input maxLength={3} autoComplete="off" />
        </Form.Item>
        {interval !== 'once' && (
          <Form.Item name={['price', 'interval_count']} label={t('every')}>
            <InputNumber min={1} max={countMax} precision={0} className="full" />
          </Form.Item>
        )}
        <Form.Item name={['price', 'interval']} label={t('interval')}>
          <Select options={intervals.map((value) => ({ value, label: t(`intervals.${value}`) }))} />
        </Form.Item>
        <Form.Item name="quantity" label={tOwn('seats')}>
          <InputNumber min={1} max={seatsMax} precision={0} className="full" />
        </Form.Item>
      </div>
      <div className="fields">
        <Form.Item
          name={['price', 'setup_fee']}
          label={t('setupFee')}
          extra={t('setupFeeNote')}
          rules={[{ pattern: amountPattern, message: tForms('amountRule') }]}
        >
          <Input inputMode="decimal" placeholder="0" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={['price', 'minimum_commitment']}
          label={t('commitment')}
          extra={t('commitmentNote')}
          rules={[{ pattern: positiveAmountPattern, message: tForms('positiveRule') }]}
        >
          <Input inputMode="decimal" placeholder={t('noCommitment')} autoComplete="off" />
        </Form.Item>
      </div>
    </>
  );
}

function TermFields() {
  const t = useTranslations('console.quotes');
  const timeZone = useTimeZone() ?? 'UTC';
  const interval = Form.useWatch<Interval | undefined>(['price', 'interval']);
  return (
    <div className="fields">
      {interval !== 'once' && (
        <Form.Item name="term_cycles" label={t('term')} extra={t('termNote')}>
          <InputNumber
            min={1}
            max={cyclesMax}
            precision={0}
            className="full"
            placeholder={t('noTerm')}
          />
        </Form.Item>
      )}
      <Form.Item
        name="valid_until"
        label={t('validUntil')}
        extra={t('validUntilNote', { timeZone })}
        rules={[{ required: true, message: t('validUntilRule') }]}
      >
        <Input type="datetime-local" />
      </Form.Item>
    </div>
  );
}

function RuleFields() {
  const t = useTranslations('console.offer');
  return (
    <div className="fields">
      <Form.Item name="trial_days" label={t('trialDays')} extra={t('trialNote')}>
        <InputNumber min={0} max={trialDaysMax} precision={0} className="full" />
      </Form.Item>
      <Form.Item name="proration" label={t('proration')}>
        <Select options={prorations.map((value) => ({ value, label: t(`prorations.${value}`) }))} />
      </Form.Item>
      <Form.Item name="refund" label={t('refund')}>
        <Select options={refunds.map((value) => ({ value, label: t(`refunds.${value}`) }))} />
      </Form.Item>
    </div>
  );
}
