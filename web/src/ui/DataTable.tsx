/**
 * Every list in the app: a real table, which turns into stacked cards where it would not fit. It takes a list and
 * columns; pages, waiting, emptiness and errors are its own business.
 */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Loading } from './Loading.tsx';
import type { Pages } from './pages.ts';

export interface Column<T> {
  /** Head of the column, and label of the value in a card. */
  title: string;
  cell: (row: T) => ReactNode;
  /** Figures are set to the right. */
  align?: 'end';
  /** Actions take a whole line of the card and need no visible head. */
  isActions?: boolean;
}

interface DataTableProps<T> {
  /** What the table lists, for its accessible name. */
  label: string;
  list: Pages<T>;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  empty: ReactNode;
  renderError: (error: Error, retry: () => void) => ReactNode;
}

export function DataTable<T>({
  label,
  list,
  columns,
  rowKey,
  empty,
  renderError,
}: DataTableProps<T>) {
  if (list.error && !list.rows) return renderError(list.error, list.retry);
  if (!list.rows) return <Loading rows={5} />;
  if (list.rows.length === 0) return list.hasMore ? <LoadMore list={list} /> : empty;
  return (
    <div className="data-list">
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={column.align}>
                {column.isActions ? <span className="unseen">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.title}
                  data-label={column.isActions ? undefined : column.title}
                  className={column.isActions ? 'row-actions' : column.align}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <LoadMore list={list} />
    </div>
  );
}

function LoadMore<T>({ list }: { list: Pages<T> }) {
  const t = useTranslations('ui');
  if (!list.hasMore) return null;
  return (
    <div className="load-more">
      <Button onClick={list.loadMore} loading={list.isLoadingMore}>
        {list.rows?.length === 0 ? t('searchOn') : t('loadMore')}
      </Button>
    </div>
  );
}
