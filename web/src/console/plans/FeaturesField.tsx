/** Features with their values, as a form field: what a plan gives, or what stands for one organization. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import type { Feature } from '../meters/FeatureTable.tsx';

export type FeatureValues = Answer<'getPlan'>['features'];
type FeatureValue = FeatureValues[string];

interface FeaturesFieldProps {
  /** Given by the form. */
  value?: FeatureValues;
  onChange?: (values: FeatureValues) => void;
}

interface Row {
  key: number;
  feature: string | undefined;
  value: FeatureValue;
}

const offeredMax = 200;
const firstValues: Record<Feature['kind'], FeatureValue> = { boolean: true, number: 0, text: '' };

export function FeaturesField({ value = {}, onChange }: FeaturesFieldProps) {
  const t = useTranslations('console.features');
  const tForms = useTranslations('console.forms');
  const features =
    usePages('listFeatures', { query: { status: 'active', limit: offeredMax } }).rows ?? [];
  const [rows, setRows] = useState<Row[]>(() =>
    Object.entries(value).map(([feature, own], key) => ({ key, feature, value: own })),
  );
  const change = (changed: Row[]) => {
    setRows(changed);
    const named = changed.flatMap(({ feature, value: own }) => (feature ? [[feature, own]] : []));
    onChange?.(Object.fromEntries(named));
  };
  const write = (row: Row) => change(rows.map((other) => (other.key === row.key ? row : other)));
  const nextKey = Math.max(-1, ...rows.map(({ key }) => key)) + 1;
  return (
    <div className="pairs">
      {rows.map((row) => (
        <div key={row.key} className="pair">
          <FeatureSelect
            features={features}
            value={row.feature}
            taken={rows.map(({ feature }) => feature)}
            onChange={(feature, kind) => write({ ...row, feature, value: firstValues[kind] })}
          />
          <ValueInput
            label={t('valueOf', { feature: row.feature ?? '' })}
            value={row.value}
            onChange={(own) => write({ ...row, value: own })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={tForms('remove', { name: row.feature ?? '' })}
            onClick={() => change(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        onClick={() => setRows([...rows, { key: nextKey, feature: undefined, value: true }])}
      >
        {t('add')}
      </Button>
    </div>
  );
}

interface FeatureSelectProps {
  features: Feature[];
  value: string | undefined;
  taken: (string | undefined)[];
  onChange: (feature: string, kind: Feature['kind']) => void;
}

function FeatureSelect({ features, value, taken, onChange }: FeatureSelectProps) {
  const t = useTranslations('console.features');
  return (
    <Select
      aria-label={t('choose')}
      placeholder={t('choose')}
      showSearch={{ optionFilterProp: 'label' }}
      value={value ?? null}
      options={features.map(({ reference, name }) => ({
        value: reference,
        label: `${name} (${reference})`,
        disabled: taken.includes(reference),
      }))}
      onChange={(chosen: string | null) => {
        const feature = features.find(({ reference }) => reference === chosen);
        if (feature) onChange(feature.reference, feature.kind);
      }}
    />
  );
}

interface ValueInputProps {
  label: string;
  value: FeatureValue;
  onChange: (value: FeatureValue) => void;
}

/** A value keeps its kind: what is a switch stays one. */
function ValueInput({ label, value, onChange }: ValueInputProps) {
  const t = useTranslations('console.features');
  if (typeof value === 'boolean') {
    return (
      <Select
        aria-label={label}
        value={value}
        options={[
          { value: true, label: t('yes') },
          { value: false, label: t('no') },
        ]}
        onChange={onChange}
      />
    );
  }
  if (typeof value === 'number') {
    return (
      <InputNumber
        aria-label={label}
        className="full"
        value={value}
        onChange={(written) => onChange(written ?? 0)}
      />
    );
  }
  return (
    <Input
      aria-label={label}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
