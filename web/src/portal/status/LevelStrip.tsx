import { useTranslations } from 'use-intl';
import { useDateText } from '../../ui/When.tsx';
import { usePercentText } from './LevelFigures.tsx';

interface LevelStripProps {
  name: string;
  /** Per cent, the oldest first; null where too little is known. */
  days: readonly (number | null)[];
  from: string;
}

/** A bar for each day; hovering says which, and what was measured. */
export function LevelStrip({ name, days, from }: LevelStripProps) {
  const t = useTranslations('status');
  const percent = usePercentText();
  const date = useDateText();
  const measured = days.filter((value) => value !== null);
  const lowest = String(Math.min(100, ...measured));
  const label = t('strip', { name, from: date(from), measured: measured.length, lowest });
  return (
    <div>
      <div className="strip" role="img" aria-label={label}>
        {days.map((value, index) => {
          const day = dayAfter(from, index);
          return (
            <span
              key={day}
              data-tone={toneOf(value)}
              title={t('day', { day: date(day), value: percent(value) })}
            />
          );
        })}
      </div>
      <div className="strip-ends" aria-hidden="true">
        <span>{t('daysAgo')}</span>
        <span>{t('today')}</span>
      </div>
    </div>
  );
}

/** As the state is judged. */
const goodFrom = 99;
const badBelow = 50;

function toneOf(value: number | null): string {
  if (value === null) return 'quiet';
  if (value >= goodFrom) return 'good';
  return value < badBelow ? 'bad' : 'warning';
}

function dayAfter(from: string, days: number): string {
  const day = new Date(`${from}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
