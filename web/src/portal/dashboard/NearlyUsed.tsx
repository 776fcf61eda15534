import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { QuotaUsage, usedPercent } from '../../features/quotas/QuotaUsage.tsx';
import { paths } from '../../paths.ts';
import { Panel } from '../../ui/Panel.tsx';

const nearlyUsedPercent = 80;
const shownMax = 4;

/** Quotas near their end, the fullest first; nothing where all have room. */
export function NearlyUsed({ refetchIntervalMs }: { refetchIntervalMs: number }) {
  const t = useTranslations('quotas');
  const quotas = usePages('listQuotas', { query: { limit: 200 } }, { refetchIntervalMs });
  const near = (quotas.rows ?? [])
    .filter(({ subject }) => subject.kind === 'organization')
    .filter((quota) => usedPercent(quota) >= nearlyUsedPercent)
    .toSorted((one, other) => usedPercent(other) - usedPercent(one))
    .slice(0, shownMax);
  if (near.length === 0) return null;
  return (
    <Panel
      title={t('near')}
      actions={
        <ButtonLink to={paths.quotas} size="small">
          {t('all')}
        </ButtonLink>
      }
    >
      <ul className="allowances">
        {near.map((quota) => (
          <QuotaUsage key={quota.quota} quota={quota} />
        ))}
      </ul>
    </Panel>
  );
}
