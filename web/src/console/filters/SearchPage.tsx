import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Pages } from '../../ui/pages.ts';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { NoMatch } from './NoMatch.tsx';

interface SearchPageProps<T> {
  /** Where the page's `title`, `note` and `search` are written. */
  words: 'console.users' | 'console.organizations';
  list: Pages<T>;
  columns: Column<T>[];
  /** What is searched for. */
  q: string | undefined;
  onSearch: (text: string) => void;
  /** Takes every filter away. */
  onClear: () => void;
  /** What else narrows the list. */
  filters: ReactNode;
}

/** A page for finding one among many: the cursor waits in the search field. */
export function SearchPage<T extends { id: string }>({
  words,
  list,
  columns,
  q,
  onSearch,
  onClear,
  filters,
}: SearchPageProps<T>) {
  const t = useTranslations(words);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <TextFilter label={t('search')} value={q} onChange={onSearch} autoFocus />
          {filters}
        </div>
        <DataTable
          label={t('title')}
          list={list}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<NoMatch onClear={onClear} />}
        />
      </Panel>
    </div>
  );
}
