import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { ProviderAddresses } from '../../features/sso/ProviderFields.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { SignInProvider } from './SignInPage.tsx';
import { refreshes, SwitchButton } from './SwitchButton.tsx';
import { TestPanel } from './TestPanel.tsx';

/** What `edit` says in the address while a provider is being added. */
export const isNew = 'new';

interface ProvidersPanelProps {
  providers: SignInProvider[];
  onEdit: (id: string) => void;
}

export function ProvidersPanel({ providers, onEdit }: ProvidersPanelProps) {
  const t = useTranslations('sso.console');
  const add = (
    <AllowedButton operation="createSignInProvider" onClick={() => onEdit(isNew)}>
      {t('add')}
    </AllowedButton>
  );
  return (
    <>
      <Panel title={t('providers')} note={t('providersNote')} actions={add}>
        {providers.length === 0 && (
          <EmptyState title={t('noProviders')}>{t('noProvidersNote')}</EmptyState>
        )}
      </Panel>
      {providers.map((provider) => (
        <ProviderPanel key={provider.id} provider={provider} onEdit={onEdit} />
      ))}
    </>
  );
}

function ProviderPanel({
  provider,
  onEdit,
}: {
  provider: SignInProvider;
  onEdit: (id: string) => void;
}) {
  const t = useTranslations('sso.console');
  const tFields = useTranslations('sso.fields');
  const confirm = useConfirm();
  const remove = useChange('deleteSignInProvider', { refreshes });
  const { id, name, kind, enabled, addresses } = provider;
  const askToRemove = () =>
    confirm({
      title: t('removeTitle', { name }),
      content: t('removeNote'),
      okText: t('remove'),
      isDanger: true,
      act: () => remove.mutateAsync({ params: { id } }),
    });
  return (
    <Panel
      title={name}
      note={
        <>
          {tFields(`kinds.${kind}`)}{' '}
          <Status tone={enabled ? 'good' : 'quiet'}>{t(enabled ? 'on' : 'off')}</Status>
        </>
      }
      actions={
        <>
          <SwitchButton provider={provider} />
          <Button aria-label={t('editNamed', { name })} onClick={() => onEdit(id)}>
            {t('edit')}
          </Button>
          <AllowedButton
            operation="deleteSignInProvider"
            danger
            aria-label={t('removeNamed', { name })}
            onClick={askToRemove}
          >
            {t('remove')}
          </AllowedButton>
        </>
      }
    >
      {addresses && <ProviderAddresses addresses={addresses} />}
      <TestPanel provider={provider} />
    </Panel>
  );
}
