/** Prices of a plan: one for each currency and billing cycle. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useDeployment } from '../../features/deployment/deployment.ts';
import {
  amountPattern,
  currencyPattern,
  positiveAmountPattern,
  toCapitals,
} from '../forms/rules.ts';
import { type Interval, intervals } from './offer-form.ts';

const pricesMax = 50;

export function PricesField() {
  const t = useTranslations('console.offer');
  const currency = useDeployment()?.currency;
  return (
    <Form.List name="prices">
      {(prices, { add, remove }) => (
        <>
          {prices.length === 0 && <p className="soft form-note">{t('noPrices')}</p>}
          {prices.map(({ key, name }) => (
            <fieldset key={key} className="tier-form">
              <legend>{t('price', { number: name + 1 })}</legend>
              <PriceFields index={name} />
              <Button size="small" icon={<DeleteOutlined />} onClick={() => remove(name)}>
                {t('removePrice')}
              </Button>
            </fieldset>
          ))}
          <Form.Item>
            <Button
              icon={<PlusOutlined />}
              disabled={prices.length >= pricesMax}
              onClick={() => add({ currency, interval: 'month', interval_count: 1 })}
            >
              {t('addPrice')}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}

const countMax = 999;

function PriceFields({ index }: { index: number }) {
  const t = useTranslations('console.offer');
  const tForms = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  const interval = Form.useWatch<Interval | undefined>(['prices', index, 'interval']);
  return (
    <>
      <div className="fields">
        <Form.Item
          name={[index, 'amount']}
          label={tUi('amount')}
          rules={[{ required: true, pattern: amountPattern, message: tForms('amountRule') }]}
        >
          <Input inputMode="decimal" placeholder="29.99" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={[index, 'currency']}
          label={tUi('currency')}
          normalize={toCapitals}
          rules={[{ required: true, pattern: currencyPattern, message: tForms('currencyRule') }]}
        >
          <Input maxLength={3} autoComplete="off" />
        </Form.Item>
        {interval !== 'once' && (
          <Form.Item name={[index, 'interval_count']} label={t('every')}>
            <InputNumber min={1} max={countMax} precision={0} className="full" />
          </Form.Item>
        )}
        <Form.Item name={[index, 'interval']} label={t('interval')}>
          <Select options={intervals.map((value) => ({ value, label: t(`intervals.${value}`) }))} />
        </Form.Item>
      </div>
      <div className="fields">
        <Form.Item
          name={[index, 'setup_fee']}
          label={t('setupFee')}
          extra={t('setupFeeNote')}
          rules={[{ pattern: amountPattern, message: tForms('amountRule') }]}
        >
          <Input inputMode="decimal" placeholder="0" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={[index, 'minimum_commitment']}
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
