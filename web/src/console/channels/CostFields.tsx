import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { amountPattern } from '../forms/rules.ts';
import type { ChannelForm } from './channel-form.ts';

const kinds = ['unknown', 'factor', 'prices'] as const;
const factorPattern = /^(0|[1-9]\d{0,3})(\.\d{1,6})?$/;

export function CostFields() {
  const t = useTranslations('console.channels');
  const kind = Form.useWatch<ChannelForm['cost_kind'] | undefined>('cost_kind');
  return (
    <>
      <Form.Item name="cost_kind" label={t('cost')} extra={t('costNote')}>
        <Select options={kinds.map((value) => ({ value, label: t(`costKinds.${value}`) }))} />
      </Form.Item>
      {kind === 'factor' && (
        <Form.Item
          name="factor"
          label={t('factor')}
          extra={t('factorNote')}
          rules={[{ required: true, pattern: factorPattern, message: t('factorRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" placeholder="0.6" />
        </Form.Item>
      )}
      {kind === 'prices' && <PriceRows />}
    </>
  );
}

function PriceRows() {
  const t = useTranslations('console.channels');
  const tForms = useTranslations('console.forms');
  const models = Form.useWatch<string[] | undefined>('models') ?? [];
  const rows = Form.useWatch<ChannelForm['cost_prices']>('cost_prices') ?? [];
  const amount = (name: [number, string], label: string, isRequired: boolean) => (
    <Form.Item
      name={name}
      label={label}
      rules={[{ required: isRequired, pattern: amountPattern, message: tForms('amountRule') }]}
    >
      <Input inputMode="decimal" autoComplete="off" />
    </Form.Item>
  );
  return (
    <Form.List name="cost_prices">
      {(fields, { add, remove }) => (
        <>
          <h3 className="form-note">{t('costPrices')}</h3>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className="tier-form">
              <legend>{rows[name]?.model ?? t('costModel')}</legend>
              <Form.Item
                name={[name, 'model']}
                label={t('costModel')}
                rules={[{ required: true, message: t('modelsRule') }]}
              >
                <Select options={models.map((model) => ({ value: model, label: model }))} />
              </Form.Item>
              <div className="fields">
                {amount([name, 'input'], t('input'), true)}
                {amount([name, 'cached_input'], t('cachedInput'), false)}
                {amount([name, 'output'], t('output'), true)}
              </div>
              <Button size="small" onClick={() => remove(name)}>
                {t('removeCost', { model: rows[name]?.model ?? '' })}
              </Button>
            </fieldset>
          ))}
          <Form.Item>
            <Button icon={<PlusOutlined />} onClick={() => add({})}>
              {t('addCost')}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}
