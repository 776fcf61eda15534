import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { CreateKey } from './CreateKey.tsx';
import type { OwnedTabProps } from './OwnedTabs.tsx';

type ApplicationKey = Answer<'listApplicationKeys'>['data'][number];

/** What `edit` says in the address while a key is being made. */
const isNew = 'new';

export function KeysTab({ application, edit, onEdit }: OwnedTabProps) {
  const t = useTranslations('console.applicationKeys');
  const tApplications = useTranslations('console.applications');
  const { id, name, status } = application;
  const create = (
    <AllowedButton
      operation="createApplicationKey"
      blockedBecause={status === 'archived' ? t('blocked') : undefined}
      onClick={() => onEdit(isNew)}
    >
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="stack">
      <p className="soft">{t('note')}</p>
      <div className="actions">{create}</div>
      <DataTable
        label={tApplications('tabs.keys')}
        list={usePages('listApplicationKeys', { params: { id } })}
        columns={useColumns(id)}
        rowKey={(key) => key.id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
      {edit === isNew && <CreateKey application={{ id, name }} onClose={() => onEdit('')} />}
    </div>
  );
}

function useColumns(application: string): Column<ApplicationKey>[] {
  const t = useTranslations('console.applicationKeys');
  const tUi = useTranslations('ui');
  return [
    { title: t('name'), cell: ({ name }) => name },
    { title: t('prefix'), cell: ({ prefix }) => <code>{prefix}…</code> },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    {
      title: t('lastUsed'),
      cell: ({ last_used_at: at }) => (at === null ? t('never') : <When at={at} />),
    },
    { title: t('created'), cell: ({ created_at }) => <When at={created_at} /> },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (key) => <RevokeButton application={application} apiKey={key} />,
    },
  ];
}

interface RevokeButtonProps {
  application: string;
  apiKey: ApplicationKey;
}

function RevokeButton({ application, apiKey }: RevokeButtonProps) {
  const t = useTranslations('console.applicationKeys');
  const confirm = useConfirm();
  const revoke = useChange('revokeApplicationKey', { refreshes: ['listApplicationKeys'] });
  const { id, name, status } = apiKey;
  if (status === 'revoked') return null;
  const ask = () =>
    confirm({
      title: t('revokeTitle', { name }),
      content: t('revokeNote'),
      okText: t('revoke'),
      isDanger: true,
      act: () => revoke.mutateAsync({ params: { id: application, key: id } }),
    });
  return (
    <AllowedButton
      operation="revokeApplicationKey"
      size="small"
      danger
      aria-label={t('revokeNamed', { name })}
      onClick={ask}
    >
      {t('revoke')}
    </AllowedButton>
  );
}
