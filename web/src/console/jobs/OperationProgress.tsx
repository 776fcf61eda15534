/** How far an operation has come, and how long the rest takes. */
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';

export type Operation = Answer<'listOperations'>['data'][number];

const stages = ['accounts', 'keys', 'usage', 'channels'] as const;

export function OperationProgress({ operation }: { operation: Operation }) {
  const t = useTranslations('console.jobs');
  const format = useFormatter();
  const time = useTimeLeft();
  const { title, stage, done, total, seconds_left: left } = operation;
  const known = stages.find((one) => one === stage);
  const doneText = format.number(done);
  const figures =
    total === null
      ? t('doneOnly', { done: doneText })
      : t('doneOf', { done: doneText, total: format.number(total) });
  const start = known ? `${t(`stages.${known}`)}: ${figures}` : figures;
  const end = left === null ? '' : t('left', { time: time(left) });
  if (total === null || total === 0) {
    return (
      <span className="figure">
        {start} {end}
      </span>
    );
  }
  const percent = Math.min(100, Math.floor((done * 100) / total));
  return (
    <div className="usage">
      <div className="usage-figures figure">
        <span>{start}</span>
        <span>{end}</span>
      </div>
      <div
        className="usage-bar"
        role="progressbar"
        aria-label={t('progressOf', { title })}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

const minuteSeconds = 60;
const hourSeconds = 3600;

/** In the largest unit that says enough. */
function useTimeLeft(): (seconds: number) => string {
  const t = useTranslations('console.jobs');
  return (seconds) => {
    if (seconds < 2 * minuteSeconds) return t('seconds', { count: seconds });
    if (seconds < 2 * hourSeconds) {
      return t('minutes', { count: Math.ceil(seconds / minuteSeconds) });
    }
    return t('hours', { count: Math.ceil(seconds / hourSeconds) });
  };
}
