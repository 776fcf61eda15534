import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';

export type Pairs = Record<string, string>;

interface PairsFieldProps {
  /** What stands left and right of the arrow. */
  labels: [string, string];
  addLabel: string;
  /** Given by the form. */
  value?: Pairs;
  onChange?: (pairs: Pairs) => void;
}

interface Row {
  key: number;
  pair: [string, string];
}

/** Names with a value each, as a form field: model aliases, exchange rates. */
export function PairsField({ labels, addLabel, value = {}, onChange }: PairsFieldProps) {
  const t = useTranslations('console.forms');
  const [rows, setRows] = useState<Row[]>(() =>
    Object.entries(value).map((pair, key) => ({ key, pair })),
  );
  const change = (changed: Row[]) => {
    setRows(changed);
    const written = changed.map(({ pair }) => pair.map((text) => text.trim()) as Row['pair']);
    onChange?.(Object.fromEntries(written.filter(([name, text]) => name || text)));
  };
  const write = (row: Row, side: 0 | 1, text: string) => {
    const pair: Row['pair'] = side === 0 ? [text, row.pair[1]] : [row.pair[0], text];
    change(rows.map((other) => (other.key === row.key ? { ...row, pair } : other)));
  };
  const nextKey = Math.max(-1, ...rows.map(({ key }) => key)) + 1;
  return (
    <div className="pairs">
      {rows.map((row) => (
        <div key={row.key} className="pair">
          {([0, 1] as const).map((side) => (
            <Input
              key={side}
              aria-label={labels[side]}
              placeholder={labels[side]}
              value={row.pair[side]}
              maxLength={200}
              onChange={(event) => write(row, side, event.target.value)}
            />
          ))}
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('remove', { name: row.pair[0] })}
            onClick={() => change(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        onClick={() => setRows([...rows, { key: nextKey, pair: ['', ''] }])}
      >
        {addLabel}
      </Button>
    </div>
  );
}
