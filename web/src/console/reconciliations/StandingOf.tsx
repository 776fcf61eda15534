import { useTranslations } from 'use-intl';
import { Status } from '../../ui/Status.tsx';
import { type Reconciliation, standingOf, standingTones } from './reconciliation.ts';

export function StandingOf({ day }: { day: Reconciliation }) {
  const t = useTranslations('console.reconciliations');
  const standing = standingOf(day);
  return (
    <span className="twofold">
      <Status tone={standingTones[standing]}>
        {t(`standings.${standing}`, { count: day.counts.open })}
      </Status>
      {day.reason && <small>{t(`reasons.${day.reason}`)}</small>}
    </span>
  );
}
