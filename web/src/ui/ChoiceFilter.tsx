import { Select } from 'antd';

interface ChoiceFilterProps {
  label: string;
  /** Shown while nothing is chosen. */
  any: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

export function ChoiceFilter({ label, any, value, options, onChange }: ChoiceFilterProps) {
  return (
    <Select
      className="filter"
      allowClear
      showSearch={options.length > 8 && { optionFilterProp: 'label' }}
      aria-label={label}
      placeholder={any}
      value={value ?? null}
      options={options}
      onChange={(chosen: string | null | undefined) => onChange(chosen ?? '')}
    />
  );
}
