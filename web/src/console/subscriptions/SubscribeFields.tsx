import { Form, Input, InputNumber, Radio, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { toCapitals } from '../forms/rules.ts';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';
import { priceKey, type SubscribeForm } from './subscribe-form.ts';

export type OfferedPlan = Answer<'searchPlans'>['data'][number];

interface SubscribeFieldsProps {
  /** Those with a price; undefined until they are known. */
  plans: readonly OfferedPlan[] | undefined;
  isCustomerFixed: boolean;
}

const seatsMax = 1_000_000;

export function SubscribeFields({ plans, isCustomerFixed }: SubscribeFieldsProps) {
  const t = useTranslations('console.subscribe');
  const tPayments = useTranslations('console.payments');
  const tOwn = useTranslations('subscription');
  const form = Form.useFormInstance<SubscribeForm>();
  return (
    <>
      <Form.Item
        name="organization"
        label={t('customer')}
        hidden={isCustomerFixed}
        rules={[{ required: true, message: t('customerRule') }]}
      >
        <OrganizationSelect label={t('customer')} placeholder={tPayments('customerPlaceholder')} />
      </Form.Item>
      <Form.Item name="plan" label={t('plan')} rules={[{ required: true, message: t('planRule') }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={!plans}
          notFoundContent={t('noPlans')}
          options={(plans ?? []).map(({ slug, name }) => ({
            value: slug,
            label: `${name} (${slug})`,
          }))}
          onChange={(slug: string) => form.setFieldValue('price', firstPrice(plans, slug))}
        />
      </Form.Item>
      <div className="fields">
        <PriceField plans={plans} />
        <Form.Item name="quantity" label={tOwn('seats')}>
          <InputNumber min={1} max={seatsMax} precision={0} className="full" />
        </Form.Item>
      </div>
      <Form.Item name="coupon" label={t('coupon')} extra={t('couponNote')} normalize={toCapitals}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="provider" label={t('payment')}>
        <Radio.Group
          vertical
          options={[
            { value: null, label: t('byLink') },
            { value: 'wallet', label: t('fromWallet') },
          ]}
        />
      </Form.Item>
    </>
  );
}

function PriceField({ plans }: Pick<SubscribeFieldsProps, 'plans'>) {
  const t = useTranslations('console.subscribe');
  const amountText = useAmountText();
  const { per } = useCycleText();
  const slug = Form.useWatch<string | undefined>('plan');
  const prices = plans?.find((plan) => plan.slug === slug)?.prices ?? [];
  return (
    <Form.Item
      name="price"
      label={t('price')}
      rules={[{ required: true, message: t('priceRule') }]}
    >
      <Select
        disabled={prices.length === 0}
        options={prices.map((price) => ({
          value: priceKey(price),
          label: `${amountText(price.amount, price.currency, { isExact: true })} ${per(price.billing_cycle)}`,
        }))}
      />
    </Form.Item>
  );
}

function firstPrice(plans: SubscribeFieldsProps['plans'], slug: string): string | undefined {
  const price = plans?.find((plan) => plan.slug === slug)?.prices[0];
  return price && priceKey(price);
}
