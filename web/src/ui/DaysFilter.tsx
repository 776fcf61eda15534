import { Input } from 'antd';
import { useId } from 'react';
import { useTranslations } from 'use-intl';

interface DaysFilterProps {
  from: string | undefined;
  to: string | undefined;
  onChange: (change: { from?: string; to?: string }) => void;
}

/** A range of calendar days, both included, in the zone that the page shows times in. */
export function DaysFilter({ from, to, onChange }: DaysFilterProps) {
  const t = useTranslations('ui');
  return (
    <span className="actions">
      <DayInput label={t('from')} value={from} onChange={(day) => onChange({ from: day })} />
      <DayInput label={t('to')} value={to} onChange={(day) => onChange({ to: day })} />
    </span>
  );
}

interface DayInputProps {
  label: string;
  value: string | undefined;
  onChange: (day: string) => void;
}

function DayInput({ label, value = '', onChange }: DayInputProps) {
  const id = useId();
  return (
    <span className="day-filter">
      <label htmlFor={id} className="soft">
        {label}
      </label>
      <Input id={id} type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </span>
  );
}
