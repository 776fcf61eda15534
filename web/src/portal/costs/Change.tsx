import { useFormatter, useTranslations } from 'use-intl';

/** Against the range before: up or down, in words for those who hear it. */
export function Change({ change }: { change: number | null }) {
  const t = useTranslations('costs');
  const format = useFormatter();
  if (change === null) return <span className="soft">{t('new')}</span>;
  const text = format.number(change, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  return <span className="figure">{text}</span>;
}
