import { useTranslations } from 'use-intl';
import { useSubjectNames } from '../../features/quotas/subject-names.ts';
import type { Dimension } from './filters.ts';

/** What a filter, or a row, is called; what is of none says so. */
export function useNameOf(): (dimension: Dimension, id: string, known?: string) => string {
  const t = useTranslations('costs');
  const subjectName = useSubjectNames();
  return (dimension, id, known) => {
    if (id === '') return t(`none.${dimension}`);
    if (known !== undefined && known !== id) return known;
    return dimension === 'model' || dimension === 'application'
      ? id
      : subjectName({ kind: dimension, id });
  };
}
