import { Input } from 'antd';
import { useEffect, useState } from 'react';

interface TextFilterProps {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}

/** Text to search for, sent with Enter or the button; emptied, it takes the filter away. */
export function TextFilter({ label, value = '', onChange, autoFocus = false }: TextFilterProps) {
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
