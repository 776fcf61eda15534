import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { EmptyState } from '../../ui/EmptyState.tsx';

/** A list that only its filters leave empty. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  const t = useTranslations('console.filters');
  return (
    <EmptyState title={t('none')} action={<Button onClick={onClear}>{t('clear')}</Button>}>
      {t('noneNote')}
    </EmptyState>
  );
}
