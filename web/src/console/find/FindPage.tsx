/** One box for everything that is called something; what it finds is grouped by kind. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { FoundGroups } from './FoundGroups.tsx';
import { withoutSecret } from './without-secret.ts';

const route = getRouteApi('/console/admin/find');

export function FindPage() {
  const t = useTranslations('console.find');
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const search = (text: string) =>
    void navigate({
      to: paths.consoleFind,
      search: text === '' ? {} : { q: withoutSecret(text) },
      replace: true,
    });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <TextFilter label={t('search')} value={q} onChange={search} autoFocus />
        </div>
        {q ? <Found q={q} /> : <EmptyState title={t('begin')}>{t('beginNote')}</EmptyState>}
      </Panel>
    </div>
  );
}

function Found({ q }: { q: string }) {
  const t = useTranslations('console.find');
  const found = useQuery(reading('searchEverything', { query: { q } }));
  if (found.error) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Loading rows={5} />;
  const { more, ...groups } = found.data;
  if (Object.values(groups).every((group) => group.length === 0)) {
    return <EmptyState title={t('none', { q })}>{t('noneNote')}</EmptyState>;
  }
  return <FoundGroups found={found.data} q={q} />;
}
