import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { useOffers } from './use-offers.ts';

interface PriceLinkForm {
  name: string;
  /** A package's id, or a plan's with the place of its price. */
  offer: string;
}

export function NewPriceLink({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.priceLinks');
  const [form] = Form.useForm<PriceLinkForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const { options, bodyOf } = useOfferOptions();
  const create = useChange('createPriceLink', { refreshes: ['listPriceLinks'], onDone: onClose });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createPriceLink"
      submitLabel={t('create')}
      form={form}
      initialValues={{}}
      error={create.error}
      isPending={create.isPending}
      onSubmit={({ name, offer }) =>
        create.mutate({ body: { name, ...bodyOf(offer) }, idempotencyKey })
      }
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameNote')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="offer"
        label={t('sells')}
        rules={[{ required: true, message: t('offerRule') }]}
      >
        <Select showSearch={{ optionFilterProp: 'label' }} options={options} />
      </Form.Item>
    </FormDrawer>
  );
}

function useOfferOptions() {
  const t = useTranslations('console.priceLinks');
  const { packages, plans } = useOffers();
  const { per } = useCycleText();
  const amountText = useAmountText();
  const prices = plans.flatMap((plan) =>
    plan.prices.map((price) => ({
      value: `${plan.id} ${price.billing_cycle} ${price.currency}`,
      label: `${plan.name} · ${amountText(price.amount, price.currency)} ${per(price.billing_cycle)}`,
    })),
  );
  return {
    options: [
      {
        label: t('packages'),
        options: packages.map(({ id, name, price, currency }) => ({
          value: id,
          label: `${name} · ${amountText(price, currency)}`,
        })),
      },
      { label: t('plans'), options: prices },
    ],
    bodyOf(offer: string) {
      const [id = '', billing_cycle, currency] = offer.split(' ');
      return billing_cycle === undefined ? { package: id } : { plan: id, billing_cycle, currency };
    },
  };
}
