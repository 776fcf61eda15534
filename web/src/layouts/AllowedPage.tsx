import { Outlet, useMatches } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useRefusalOf } from '../features/session/allowed.ts';
import { needOf } from '../features/session/page-needs.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Panel } from '../ui/Panel.tsx';

/** The page, or why one's role in this organization does not show it. */
export function AllowedPage() {
  const t = useTranslations('layout');
  const refusalOf = useRefusalOf();
  const path = useMatches({ select: (matches) => matches.at(-1)?.fullPath ?? '' });
  const need = needOf(path);
  const refusal = need && refusalOf(need);
  if (!refusal) return <Outlet />;
  return (
    <div className="page">
      <Panel>
        <EmptyState title={t('notShown')}>{refusal}</EmptyState>
      </Panel>
    </div>
  );
}
