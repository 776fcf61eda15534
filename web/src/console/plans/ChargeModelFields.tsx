/** The fields of one pricing model. */
import { Form, InputNumber } from 'antd';
import { useTranslations } from 'use-intl';
import { PairsField } from '../forms/PairsField.tsx';
import type { Model } from './charge-form.ts';
import { DecimalField } from './DecimalField.tsx';
import { TiersField } from './TiersField.tsx';

interface ChargeModelFieldsProps {
  /** Where the charge stands in its list. */
  index: number;
  model: Model;
}

export function ChargeModelFields({ index, model }: ChargeModelFieldsProps) {
  const t = useTranslations('console.offer');
  switch (model) {
    case 'flat':
      return <DecimalField name={[index, 'amount']} label={t('flatAmount')} isRequired />;
    case 'per_unit':
      return <DecimalField name={[index, 'unit_amount']} label={t('unitAmount')} isRequired />;
    case 'package':
      return (
        <div className="fields">
          <DecimalField name={[index, 'size']} label={t('packageSize')} isRequired />
          <DecimalField name={[index, 'amount']} label={t('packageAmount')} isRequired />
        </div>
      );
    case 'dynamic':
      return <DecimalField name={[index, 'multiplier']} label={t('multiplier')} isRequired />;
    case 'percentage':
      return <PercentageFields index={index} />;
    case 'tokens':
      return <TokenFields index={index} />;
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
      return <TiersField index={index} isPercentage={model === 'graduated_percentage'} />;
  }
}

const freeEventsMax = 1_000_000_000;

function PercentageFields({ index }: { index: number }) {
  const t = useTranslations('console.offer');
  return (
    <>
      <div className="fields">
        <DecimalField name={[index, 'rate']} label={t('rate')} suffix="%" isRequired />
        <DecimalField name={[index, 'fixed_amount']} label={t('fixedAmount')} placeholder="0" />
      </div>
      <div className="fields">
        <Form.Item name={[index, 'free_events']} label={t('freeEvents')}>
          <InputNumber min={0} max={freeEventsMax} precision={0} className="full" />
        </Form.Item>
        <DecimalField name={[index, 'free_total']} label={t('freeTotal')} />
        <DecimalField name={[index, 'per_event_minimum']} label={t('eventMinimum')} />
        <DecimalField name={[index, 'per_event_maximum']} label={t('eventMaximum')} />
      </div>
    </>
  );
}

const pricePattern = /^(0|[1-9]\d*)(\.\d{1,18})?$/;

function TokenFields({ index }: { index: number }) {
  const t = useTranslations('console.offer');
  return (
    <>
      <Form.Item
        name={[index, 'per_million']}
        label={t('perMillion')}
        extra={t('perMillionNote')}
        rules={[
          {
            required: true,
            validator: async (_, prices: Record<string, string> = {}) => {
              const pairs = Object.entries(prices);
              const isGood = pairs.every(([name, text]) => name && pricePattern.test(text));
              if (pairs.length === 0 || !isGood) throw new Error(t('perMillionRule'));
            },
          },
        ]}
      >
        <PairsField labels={[t('position'), t('pricePerMillion')]} addLabel={t('addPosition')} />
      </Form.Item>
      <DecimalField name={[index, 'markup']} label={t('markup')} suffix="%" placeholder="0" />
    </>
  );
}
