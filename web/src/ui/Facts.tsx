import type { ReactNode } from 'react';

interface FactsProps {
  items: { label: string; value: ReactNode }[];
  /** `figures` for headline numbers, `rows` for a record's fields, `wide` for texts that take the line. */
  as?: 'figures' | 'rows' | 'wide';
}

/** Labels above values. */
export function Facts({ items, as = 'rows' }: FactsProps) {
  return (
    <dl className={`facts facts-${as}`}>
      {items.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
