import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import type { Evidence, Flag } from './risk.ts';

const tones: Record<Flag['state'], Tone> = {
  open: 'warning',
  confirmed: 'bad',
  lifted: 'quiet',
  faded: 'quiet',
};

/** A flag in a line: its rule, how much was counted, and how it stands. */
export function FlagText({ flag: { rule, state, count, points } }: { flag: Flag }) {
  const t = useTranslations('console.risk');
  return (
    <span className="twofold">
      {t(`rules.${rule}`)}
      <small>
        {t('count', { count: String(count) })} · {t('points', { points })} ·{' '}
        <Status tone={tones[state]}>{t(`states.${state}`)}</Status>
      </small>
    </span>
  );
}

export function HoldStatus({ isHeld }: { isHeld: boolean }) {
  const t = useTranslations('console.risk');
  return <Status tone={isHeld ? 'bad' : 'good'}>{t(isHeld ? 'held' : 'notHeld')}</Status>;
}

const shownMax = 5;

/** What a flag was raised for, the latest first. */
export function EvidenceList({ flag: { evidence, count } }: { flag: Flag }) {
  const t = useTranslations('console.risk');
  const shown = evidence.slice(0, shownMax);
  const counted = shown.reduce((sum, each) => sum + each.count, 0);
  return (
    <ul>
      {shown.map((each) => (
        <li key={`${each.kind} ${each.id ?? each.at}`}>
          <EvidenceText evidence={each} /> · <When at={each.at} />
        </li>
      ))}
      {count > counted && <li>{t('more', { count: String(count - counted) })}</li>}
    </ul>
  );
}

function EvidenceText({ evidence: { kind, id, count, detail } }: { evidence: Evidence }) {
  const t = useTranslations('console.risk');
  switch (kind) {
    case 'organization':
      return <OrganizationLink id={id} />;
    case 'payment':
      return (
        <Link to={paths.consolePayment} params={{ id: id ?? '' }}>
          <code>{id}</code>
        </Link>
      );
    case 'set_up':
      return t('setUp');
    case 'usage':
      return t('usage', { detail: detail ?? '' });
    case 'sign_ins':
      return t('signIns', { count });
  }
}
