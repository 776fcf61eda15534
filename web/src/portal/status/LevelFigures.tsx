import { useFormatter, useTranslations } from 'use-intl';
import type { Levels } from './StatusPage.tsx';

/** Availability, errors and times; what too few calls were made of is said to be so. */
export function LevelFigures({ levels }: { levels: Levels }) {
  const t = useTranslations('status');
  const percent = usePercentText();
  const time = useTimeText();
  const figures = [
    [t('availability'), percent(levels.availability_percent)],
    [t('errors'), percent(levels.error_percent)],
    [t('firstToken'), time(levels.first_token_p95_ms)],
    [t('whole'), time(levels.whole_p95_ms)],
  ] as const;
  return (
    <dl className="level-figures">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="figure">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function usePercentText(): (value: number | null) => string {
  const t = useTranslations('status');
  const format = useFormatter();
  return (value) =>
    value === null
      ? t('few')
      : t('percent', { value: format.number(value, { maximumFractionDigits: 3 }) });
}

const secondMs = 1000;

function useTimeText(): (ms: number | null) => string {
  const t = useTranslations('status');
  const format = useFormatter();
  return (ms) => {
    if (ms === null) return t('few');
    if (ms < secondMs) return t('milliseconds', { value: format.number(ms) });
    const value = format.number(ms / secondMs, { maximumFractionDigits: 1 });
    return t('seconds', { value });
  };
}
