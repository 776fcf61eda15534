import { Checkbox, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useLineText } from '../../features/invoice/line-text.ts';
import type { CreditableLine } from './credit.ts';

interface CreditLinesFieldProps {
  currency: string;
  lines: CreditableLine[];
  /** Amounts by position; given by the form. */
  value?: Record<string, string>;
  onChange?: (value: Record<string, string>) => void;
}

/** Lines to take back, each in full unless less is written. */
export function CreditLinesField({ currency, lines, value = {}, onChange }: CreditLinesFieldProps) {
  const t = useTranslations('console.invoices');
  const lineText = useLineText();
  const choose = (position: number, amount: string | undefined) => {
    const { [String(position)]: _, ...others } = value;
    onChange?.(amount === undefined ? others : { ...others, [String(position)]: amount });
  };
  return (
    <ul className="credit-lines">
      {lines.map(({ line, left }) => {
        const { position } = line;
        const text = lineText(line, currency);
        const amount = value[String(position)];
        return (
          <li key={position}>
            <Checkbox
              checked={amount !== undefined}
              onChange={({ target }) => choose(position, target.checked ? left : undefined)}
            >
              {text}
            </Checkbox>
            <Input
              inputMode="decimal"
              autoComplete="off"
              aria-label={t('creditOf', { line: text })}
              disabled={amount === undefined}
              value={amount ?? left}
              onChange={(event) => choose(position, event.target.value.trim())}
            />
          </li>
        );
      })}
    </ul>
  );
}
