import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Failure } from '../errors/Failure.tsx';
import { type Package, PackageCard } from './PackageCard.tsx';

interface PackageListProps {
  action: (item: Package) => ReactNode;
  /** What to do where nothing is on sale. */
  emptyAction?: ReactNode;
}

/** The packages on sale; an operator sells a handful, so one page of them is all. */
export function PackageList({ action, emptyAction }: PackageListProps) {
  const t = useTranslations('packages');
  const list = usePages('listPackages', { query: { limit: packagesMax } });
  if (list.error && !list.rows) return <Failure error={list.error} onRetry={list.retry} />;
  if (!list.rows) return <Loading rows={5} />;
  if (list.rows.length === 0) {
    return (
      <EmptyState title={t('none')} action={emptyAction}>
        {t('noneNote')}
      </EmptyState>
    );
  }
  return (
    <ul className="package-list">
      {list.rows.map((item) => (
        <PackageCard key={item.id} item={item} action={action(item)} />
      ))}
    </ul>
  );
}

const packagesMax = 200;
