import { Checkbox, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ApplicationSelect } from '../applications/ApplicationFilter.tsx';
import { keyPattern } from '../forms/rules.ts';
import type { Meter } from './MeterTable.tsx';

type Body = Request<'createMeter'>['body'];

export interface MeterForm {
  name: string;
  key: string;
  application: string | null;
  aggregation: Meter['aggregation'];
  unit: Meter['unit'];
  kind: Meter['kind'];
  property?: string;
  requires_quota: boolean;
}

export function toBody({ property, ...fields }: MeterForm): Body {
  return { ...fields, ...(fields.aggregation === 'unique' && { property: property ?? null }) };
}

const aggregations = ['count', 'sum', 'max', 'unique', 'latest', 'weighted_sum'] as const;
const units = ['count', 'tokens', 'gb', 'money'] as const;
const kinds = ['flow', 'level'] as const;

export function NewMeterFields() {
  const t = useTranslations('console.meters');
  return (
    <>
      <Form.Item name="application" label={t('application')} extra={t('applicationNote')}>
        <ApplicationSelect />
      </Form.Item>
      <Form.Item
        name="key"
        label={t('key')}
        extra={t('keyNote')}
        rules={[{ required: true, pattern: keyPattern, message: t('keyRule') }]}
      >
        <Input maxLength={40} placeholder="analyses" autoComplete="off" />
      </Form.Item>
      <CountingFields />
      <NameFields />
    </>
  );
}

export function NameFields() {
  const t = useTranslations('console.meters');
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="requires_quota" valuePropName="checked" extra={t('requiresQuotaNote')}>
        <Checkbox>{t('requiresQuota')}</Checkbox>
      </Form.Item>
    </>
  );
}

function CountingFields() {
  const t = useTranslations('console.meters');
  const aggregation = Form.useWatch<Meter['aggregation'] | undefined>('aggregation') ?? 'count';
  const kind = Form.useWatch<Meter['kind'] | undefined>('kind') ?? 'flow';
  return (
    <>
      <Form.Item
        name="aggregation"
        label={t('aggregation')}
        extra={t(`aggregationNotes.${aggregation}`)}
      >
        <Select
          options={aggregations.map((value) => ({ value, label: t(`aggregations.${value}`) }))}
        />
      </Form.Item>
      {aggregation === 'unique' && (
        <Form.Item
          name="property"
          label={t('property')}
          extra={t('propertyNote')}
          rules={[{ required: true, whitespace: true, message: t('propertyRule') }]}
        >
          <Input maxLength={100} placeholder="reader_id" autoComplete="off" />
        </Form.Item>
      )}
      <div className="fields">
        <Form.Item name="unit" label={t('unit')}>
          <Select options={units.map((value) => ({ value, label: t(`units.${value}`) }))} />
        </Form.Item>
        <Form.Item name="kind" label={t('kind')} extra={t(`kindNotes.${kind}`)}>
          <Select options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} />
        </Form.Item>
      </div>
    </>
  );
}

/** What was decided for good when the meter was made. */
export function CountingFacts({ meter }: { meter: Meter }) {
  const t = useTranslations('console.meters');
  return (
    <div className="stack">
      <Facts
        items={[
          { label: t('meter'), value: <code>{meter.reference}</code> },
          { label: t('aggregation'), value: t(`aggregations.${meter.aggregation}`) },
          { label: t('unit'), value: t(`units.${meter.unit}`) },
          { label: t('kind'), value: t(`kinds.${meter.kind}`) },
          ...(meter.property === null
            ? []
            : [{ label: t('property'), value: <code>{meter.property}</code> }]),
        ]}
      />
      <p className="soft">{t('editNote')}</p>
    </div>
  );
}
