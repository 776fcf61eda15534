import type { Operation } from '@sluice/contract';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';

interface EditButtonProps {
  operation: Operation;
  /** Of the record, which tells its button from the others. */
  name: string;
  onClick: () => void;
}

export function EditButton({ operation, name, onClick }: EditButtonProps) {
  const t = useTranslations('console.forms');
  return (
    <AllowedButton
      operation={operation}
      size="small"
      aria-label={t('editNamed', { name })}
      onClick={onClick}
    >
      {t('edit')}
    </AllowedButton>
  );
}
