/** What speaks against one customer; a panel of the customer's page. */
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { FlagActions } from './FlagActions.tsx';
import { EvidenceList, FlagText, HoldStatus } from './FlagText.tsx';
import type { Flag } from './risk.ts';

export function RiskPanel({ organization }: { organization: string }) {
  const t = useTranslations('console.risk');
  const risk = useQuery(reading('getOrganizationRisk', { params: { id: organization } }));
  if (risk.error && !risk.data) {
    return (
      <Panel title={t('title')}>
        <Failure error={risk.error} onRetry={() => void risk.refetch()} />
      </Panel>
    );
  }
  if (!risk.data) {
    return (
      <Panel title={t('title')}>
        <Loading rows={3} />
      </Panel>
    );
  }
  const { score, held, evaluated_at, flags, established } = risk.data;
  return (
    <Panel title={t('title')} note={established ? t('established') : t('panelNote')}>
      <div className="stack">
        <Facts
          as="figures"
          items={[
            { label: t('score'), value: score },
            { label: t('hold'), value: <HoldStatus isHeld={held} /> },
            {
              label: t('evaluated'),
              value: evaluated_at ? <When at={evaluated_at} /> : '–',
            },
          ]}
        />
        {flags.length === 0 ? (
          <EmptyState title={t('clean')}>{t('cleanNote')}</EmptyState>
        ) : (
          flags.map((flag) => <FlagBlock key={flag.id} flag={flag} />)
        )}
      </div>
    </Panel>
  );
}

function FlagBlock({ flag }: { flag: Flag }) {
  const t = useTranslations('console.risk');
  return (
    <article className="stack" aria-label={t(`rules.${flag.rule}`)}>
      <div className="actions">
        <FlagText flag={flag} />
        <FlagActions flag={flag} />
      </div>
      <EvidenceList flag={flag} />
      {flag.note && <p>{t('decidedBy', { note: flag.note })}</p>}
    </article>
  );
}
