/** Charges for what is used, priced at the end of each cycle. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { currencyPattern, toCapitals } from '../forms/rules.ts';
import { ChargeModelFields } from './ChargeModelFields.tsx';
import { emptyCharge, type Model, models } from './charge-form.ts';
import { DecimalField } from './DecimalField.tsx';

const metersOfferedMax = 200;
const chargesMax = 50;

export function ChargesField() {
  const t = useTranslations('console.offer');
  return (
    <Form.List name="charges">
      {(charges, { add, remove }) => (
        <>
          {charges.length === 0 && <p className="soft form-note">{t('noCharges')}</p>}
          {charges.map(({ key, name }) => (
            <fieldset key={key} className="tier-form">
              <legend>{t('charge', { number: name + 1 })}</legend>
              <ChargeFields index={name} />
              <Button size="small" icon={<DeleteOutlined />} onClick={() => remove(name)}>
                {t('removeCharge')}
              </Button>
            </fieldset>
          ))}
          <Form.Item>
            <Button
              icon={<PlusOutlined />}
              disabled={charges.length >= chargesMax}
              onClick={() => add(emptyCharge)}
            >
              {t('addCharge')}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}

function ChargeFields({ index }: { index: number }) {
  const t = useTranslations('console.offer');
  const model = Form.useWatch<Model | undefined>(['charges', index, 'model']) ?? 'per_unit';
  return (
    <>
      <div className="fields">
        <MeterField index={index} />
        <Form.Item name={[index, 'model']} label={t('model')}>
          <Select options={models.map((value) => ({ value, label: t(`models.${value}`) }))} />
        </Form.Item>
      </div>
      <p className="soft form-note">{t(`modelNotes.${model}`)}</p>
      <ChargeModelFields index={index} model={model} />
      <details className="more-fields">
        <summary>{t('moreOfCharge')}</summary>
        <MoreFields index={index} />
      </details>
    </>
  );
}

function MeterField({ index }: { index: number }) {
  const t = useTranslations('console.quotaFields');
  const meterName = useMeterName();
  const query = { status: 'active', limit: metersOfferedMax } as const;
  const meters = usePages('listMeters', { query }).rows ?? [];
  return (
    <Form.Item
      name={[index, 'meter']}
      label={t('meter')}
      rules={[{ required: true, message: t('meterRule') }]}
    >
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        options={meters.map(({ reference, name, application }) => ({
          value: reference,
          label: application === null ? meterName(reference) : `${name} (${reference})`,
        }))}
      />
    </Form.Item>
  );
}

function MoreFields({ index }: { index: number }) {
  const t = useTranslations('console.offer');
  const tForms = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  return (
    <>
      <div className="fields">
        <Form.Item name={[index, 'name']} label={t('chargeName')} extra={t('chargeNameNote')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name={[index, 'currency']}
          label={tUi('currency')}
          extra={t('chargeCurrencyNote')}
          normalize={toCapitals}
          rules={[{ pattern: currencyPattern, message: tForms('currencyRule') }]}
        >
          <Input maxLength={3} autoComplete="off" />
        </Form.Item>
      </div>
      <div className="fields">
        <DecimalField name={[index, 'free_units']} label={t('freeUnits')} />
        <DecimalField name={[index, 'discount']} label={t('discount')} suffix="%" />
        <DecimalField name={[index, 'minimum_spend']} label={t('minimumSpend')} />
        <DecimalField name={[index, 'maximum_spend']} label={t('maximumSpend')} />
      </div>
    </>
  );
}
