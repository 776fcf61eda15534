import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { type Quota, QuotaUsage } from '../../features/quotas/QuotaUsage.tsx';
import { useSubjectNames } from '../../features/quotas/subject-names.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Violations } from './Violations.tsx';

/** Use goes on while one looks. */
const refetchIntervalMs = 5_000;

export function QuotasPage() {
  const t = useTranslations('quotas');
  const quotas = usePages('listQuotas', { query: { limit: 200 } }, { refetchIntervalMs });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {quotas.error && !quotas.rows && renderFailure(quotas.error, quotas.retry)}
      {!quotas.rows && !quotas.error && <Loading rows={6} />}
      {quotas.rows && <Groups quotas={quotas.rows} />}
      <Violations />
    </div>
  );
}

/** Those of all, then member by member and key by key. */
function Groups({ quotas }: { quotas: Quota[] }) {
  const t = useTranslations('quotas');
  if (quotas.length === 0) {
    return (
      <Panel title={t('organization')}>
        <EmptyState
          title={t('none')}
          action={<ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>}
        >
          {t('noneNote')}
        </EmptyState>
      </Panel>
    );
  }
  const kinds = ['organization', 'cost_center', 'member', 'api_key'] as const;
  return kinds.map((kind) => {
    const own = quotas.filter(({ subject }) => subject.kind === kind);
    return own.length > 0 && <Group key={kind} kind={kind} quotas={own} />;
  });
}

function Group({ kind, quotas }: { kind: Quota['subject']['kind']; quotas: Quota[] }) {
  const t = useTranslations('quotas');
  const nameOf = useSubjectNames();
  return (
    <Panel title={t(kind)} note={t(`notes.${kind}`)}>
      <ul className="allowances">
        {quotas.map((quota) => (
          <QuotaUsage
            key={quota.quota}
            quota={quota}
            subject={kind === 'organization' ? undefined : nameOf(quota.subject)}
          />
        ))}
      </ul>
    </Panel>
  );
}
