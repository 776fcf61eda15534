import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { QuotaUsage } from '../../features/quotas/QuotaUsage.tsx';
import { paths } from '../../paths.ts';
import { useBusinessClock } from '../../ui/clock.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { findRunningOut } from './head-room.ts';
import { useNameOf } from './use-name-of.ts';

const shownMax = 8;

/** What runs out before it begins anew, if it goes on like this. */
export function HeadRoomPanel() {
  const t = useTranslations('costs');
  const now = useBusinessClock();
  const nameOf = useNameOf();
  const quotas = usePages('listQuotas', { query: { limit: 200 } });
  const running = quotas.rows && findRunningOut(quotas.rows, now());
  return (
    <Panel
      title={t('headRoom')}
      note={t('headRoomNote')}
      actions={<Link to={paths.quotas}>{t('toQuotas')}</Link>}
    >
      {quotas.error && !quotas.rows && renderFailure(quotas.error, quotas.retry)}
      {!quotas.rows && !quotas.error && <Loading rows={3} />}
      {running?.length === 0 && <p className="soft">{t('lasts')}</p>}
      <ul className="allowances">
        {running?.slice(0, shownMax).map(({ quota, at }) => {
          const { kind, id } = quota.subject;
          const isOver = at <= now();
          return (
            <QuotaUsage
              key={quota.quota}
              quota={quota}
              subject={kind === 'organization' ? undefined : nameOf(kind, id)}
              note={
                isOver
                  ? t('usedUp')
                  : t.rich('runsOut', { when: () => <When at={at.toISOString()} /> })
              }
            />
          );
        })}
      </ul>
    </Panel>
  );
}
