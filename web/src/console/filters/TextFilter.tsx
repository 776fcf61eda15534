import { Input } from 'antd';
import { useEffect, useId, useState } from 'react';

interface FilterProps {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
}

/** Text to search for, sent with Enter or the button; emptied, it takes the filter away. */
export function TextFilter({
  label,
  value = '',
  onChange,
  autoFocus = false,
}: FilterProps & { autoFocus?: boolean }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <Input.Search
      className="filter filter-text"
      allowClear
      autoFocus={autoFocus}
      aria-label={label}
      placeholder={label}
      maxLength={100}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(searched) => onChange(searched.trim())}
    />
  );
}

/** A calendar day in the zone that the page shows times in. */
export function DayFilter({ label, value = '', onChange }: FilterProps) {
  const id = useId();
  return (
    <span className="filter day-filter">
      <label htmlFor={id} className="soft">
        {label}
      </label>
      <Input id={id} type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </span>
  );
}
