import { useTranslations } from 'use-intl';
import { Status } from '../../ui/Status.tsx';
import { type Outcome, tones } from './outcomes.ts';

export function OutcomeStatus({ outcome }: { outcome: Outcome }) {
  const t = useTranslations('console.inbox.outcomes');
  return <Status tone={tones[outcome]}>{t(outcome)}</Status>;
}
