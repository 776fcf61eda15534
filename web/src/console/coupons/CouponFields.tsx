import { Form, Input, InputNumber, Radio, Select } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { CurrencyField } from '../forms/CurrencyField.tsx';
import { positiveAmountPattern, toCapitals } from '../forms/rules.ts';
import { type CouponForm, codePattern, durations, percentOffPattern } from './coupon-form.ts';

const periodsMax = 1_000;
const redemptionsMax = 1_000_000_000;
const plansOfferedMax = 200;

/** What a coupon takes off, for how long and of which plans: fixed once it is made. */
export function CouponFields() {
  const t = useTranslations('console.coupons');
  return (
    <>
      <Form.Item
        name="code"
        label={t('code')}
        extra={t('codeNote')}
        normalize={toCapitals}
        rules={[{ required: true, pattern: codePattern, message: t('codeRule') }]}
      >
        <Input maxLength={40} placeholder="LAUNCH20" autoComplete="off" />
      </Form.Item>
      <OffFields />
      <DurationFields />
      <PlansField />
    </>
  );
}

function OffFields() {
  const t = useTranslations('console.coupons');
  const tForms = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  const off = Form.useWatch<CouponForm['off'] | undefined>('off') ?? 'percent';
  return (
    <>
      <Form.Item name="off" label={t('off')}>
        <Radio.Group
          options={[
            { value: 'percent', label: t('offs.percent') },
            { value: 'amount', label: t('offs.amount') },
          ]}
        />
      </Form.Item>
      {off === 'percent' && (
        <Form.Item
          name="percent"
          label={t('percentage')}
          rules={[{ required: true, pattern: percentOffPattern, message: t('percentRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" suffix={<span className="soft">%</span>} />
        </Form.Item>
      )}
      {off === 'amount' && (
        <div className="fields">
          <Form.Item
            name="amount"
            label={tUi('amount')}
            extra={t('amountNote')}
            rules={[
              { required: true, pattern: positiveAmountPattern, message: tForms('positiveRule') },
            ]}
          >
            <Input inputMode="decimal" placeholder="5.00" autoComplete="off" />
          </Form.Item>
          <CurrencyField isRequired />
        </div>
      )}
    </>
  );
}

function DurationFields() {
  const t = useTranslations('console.coupons');
  const duration = Form.useWatch<CouponForm['duration'] | undefined>('duration');
  return (
    <>
      <Form.Item name="duration" label={t('duration')}>
        <Radio.Group
          vertical
          options={durations.map((value) => ({ value, label: t(`durationChoices.${value}`) }))}
        />
      </Form.Item>
      {duration === 'repeating' && (
        <Form.Item
          name="periods"
          label={t('periods')}
          rules={[{ required: true, message: t('periodsRule') }]}
        >
          <InputNumber min={1} max={periodsMax} precision={0} className="full" />
        </Form.Item>
      )}
    </>
  );
}

function PlansField() {
  const t = useTranslations('console.coupons');
  const plans = usePages('searchPlans', { query: { limit: plansOfferedMax } });
  return (
    <Form.Item name="plans" label={t('plans')}>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('everyPlan')}
        options={(plans.rows ?? []).map(({ slug, name }) => ({
          value: slug,
          label: `${name} (${slug})`,
        }))}
      />
    </Form.Item>
  );
}

/** Who may redeem it, how often and until when. */
export function LimitsFields() {
  const t = useTranslations('console.coupons');
  const timeZone = useTimeZone() ?? 'UTC';
  return (
    <>
      <div className="fields">
        <Form.Item name="redemptions_max" label={t('max')}>
          <InputNumber
            min={1}
            max={redemptionsMax}
            precision={0}
            className="full"
            placeholder={t('unlimited')}
          />
        </Form.Item>
        <Form.Item name="redemptions_per_organization_max" label={t('maxEach')}>
          <InputNumber
            min={1}
            max={redemptionsMax}
            precision={0}
            className="full"
            placeholder={t('unlimited')}
          />
        </Form.Item>
      </div>
      <Form.Item name="expires_at" label={t('until')} extra={t('untilNote', { timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="name" label={t('name')} extra={t('nameNote')}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
    </>
  );
}
