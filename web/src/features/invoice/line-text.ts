/** Lines of invoices in the reader's language, from the code and parameters that they carry. */
import { useLocale, useTranslations } from 'use-intl';
import type { Messages } from '../../i18n/translation.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useDateText } from '../../ui/When.tsx';
import type { InvoiceLine } from './invoice.ts';

type LineCode = keyof Messages['invoiceLines'];
type Line = Pick<InvoiceLine, 'text' | 'description'>;

/** A code that this app has no words for is shown as the server describes it. */
export function useLineText(): (line: Line, currency: string) => string {
  const t = useTranslations('invoiceLines');
  const inWords = useParamsInWords();
  return ({ text: { code, params }, description }, currency) => {
    const known = code as LineCode;
    if (!t.has(known)) return description;
    return t(known as 'free_text', inWords(params, currency) as { text: string });
  };
}

const days: readonly string[] = ['from', 'to'];
const amounts: readonly string[] = ['unit', 'amount', 'minimum'];
const counts: readonly string[] = ['quantity', 'upTo', 'days', 'part', 'whole'];

/** Days, amounts and counts arrive as plain text; they are said as everywhere else in the app. */
function useParamsInWords() {
  const locale = useLocale();
  const dateText = useDateText();
  const amountText = useAmountText();
  const wordOf = (name: string, value: string, currency: string): string => {
    if (days.includes(name)) return dateText(value);
    if (amounts.includes(name)) return amountText(value, currency, { isExact: true });
    if (!counts.includes(name)) return value;
    return new Intl.NumberFormat(locale, { maximumFractionDigits: 12 }).format(
      value as `${number}`,
    );
  };
  return (params: Record<string, string>, currency: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, wordOf(name, value, currency)]),
    );
}
