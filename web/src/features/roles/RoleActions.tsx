/** What can be done with a role of one's own making: change it, or remove it once asked. */
import { App } from 'antd';
import type { ComponentProps } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorText } from '../errors/error-text.ts';
import { AllowedButton } from '../session/AllowedButton.tsx';

interface RoleActionsProps {
  name: string;
  operations: Record<'update' | 'remove', ComponentProps<typeof AllowedButton>['operation']>;
  onEdit: () => void;
  onRemove: () => Promise<unknown>;
}

export function RoleActions({ name, operations, onEdit, onRemove }: RoleActionsProps) {
  const t = useTranslations('teams.roles');
  const tUi = useTranslations('ui');
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const ask = () =>
    modal.confirm({
      title: t('deleteTitle', { name }),
      content: t('deleteNote'),
      okText: t('delete'),
      okButtonProps: { danger: true },
      cancelText: tUi('cancel'),
      onOk: () => onRemove().catch((error: Error) => void message.error(errorText(error))),
    });
  return (
    <div className="actions">
      <AllowedButton
        operation={operations.update}
        size="small"
        aria-label={t('editNamed', { name })}
        onClick={onEdit}
      >
        {t('edit')}
      </AllowedButton>
      <AllowedButton
        operation={operations.remove}
        size="small"
        danger
        aria-label={t('deleteNamed', { name })}
        onClick={ask}
      >
        {t('delete')}
      </AllowedButton>
    </div>
  );
}
