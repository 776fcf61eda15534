import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { costWords } from '../../i18n/messages.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { CreateKey } from './CreateKey.tsx';
import { EditKey } from './EditKey.tsx';
import { KeyLimits } from './KeyLimits.tsx';
import { PointYourProgram } from './PointYourProgram.tsx';
import { RotateKey } from './RotateKey.tsx';

type ApiKey = Answer<'listApiKeys'>['data'][number];

export function KeysPage() {
  return (
    <WithWords words={costWords}>
      <Keys />
    </WithWords>
  );
}

function Keys() {
  const t = useTranslations('keys');
  const keys = usePages('listApiKeys', {});
  const columns = useColumns();
  const [isCreating, setCreating] = useState(false);
  const createButton = (
    <AllowedButton operation="createApiKey" type="primary" onClick={() => setCreating(true)}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={createButton} />
      <Panel>
        <DataTable
          label={t('title')}
          list={keys}
          columns={columns}
          rowKey={(key) => key.id}
          renderError={renderFailure}
          empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
        />
      </Panel>
      <PointYourProgram />
      {isCreating && <CreateKey onClose={() => setCreating(false)} />}
    </div>
  );
}

function useColumns(): Column<ApiKey>[] {
  const t = useTranslations('keys');
  const tCosts = useTranslations('costs.keys');
  const tUi = useTranslations('ui');
  return [
    { title: t('name'), cell: (key) => key.name },
    { title: t('prefix'), cell: (key) => <code>{key.prefix}…</code> },
    { title: tUi('status'), cell: (key) => <KeyStatus status={key.status} /> },
    { title: tCosts('holder'), cell: ({ user }) => user.name ?? user.email ?? user.id },
    {
      title: tCosts('costCenter'),
      cell: ({ cost_center: center }) =>
        center ? `${center.code} ${center.name}` : tCosts('unassigned'),
    },
    { title: t('limits.title'), cell: (key) => <KeyLimits apiKey={key} /> },
    { title: t('models'), cell: (key) => key.allowed_models?.join(', ') ?? t('all') },
    {
      title: t('lastUsed'),
      cell: (key) =>
        key.last_used_at ? <When at={key.last_used_at} show="relative" /> : t('neverUsed'),
    },
    {
      title: t('expires'),
      cell: (key) => (key.expires_at ? <When at={key.expires_at} show="day" /> : t('neverExpires')),
    },
    { title: tUi('actions'), isActions: true, cell: (key) => <KeyActions apiKey={key} /> },
  ];
}

const tones: Record<ApiKey['status'], Tone> = {
  active: 'good',
  expired: 'warning',
  revoked: 'quiet',
};

function KeyStatus({ status }: { status: ApiKey['status'] }) {
  const t = useTranslations('keys.statuses');
  return <Status tone={tones[status]}>{t(status)}</Status>;
}

/** A revoked key is past all of it. */
function KeyActions({ apiKey }: { apiKey: ApiKey }) {
  const t = useTranslations('keys');
  const [open, setOpen] = useState<'edit' | 'rotate'>();
  const close = () => setOpen(undefined);
  if (apiKey.status === 'revoked') return null;
  return (
    <div className="actions">
      <AllowedButton
        operation="updateApiKey"
        size="small"
        aria-label={t('editNamed', { name: apiKey.name })}
        onClick={() => setOpen('edit')}
      >
        {t('edit')}
      </AllowedButton>
      <AllowedButton
        operation="rotateApiKey"
        size="small"
        aria-label={t('rotateNamed', { name: apiKey.name })}
        onClick={() => setOpen('rotate')}
      >
        {t('rotate')}
      </AllowedButton>
      <RevokeKey apiKey={apiKey} />
      {open === 'edit' && <EditKey apiKey={apiKey} onClose={close} />}
      {open === 'rotate' && <RotateKey apiKey={apiKey} onClose={close} />}
    </div>
  );
}

function RevokeKey({ apiKey }: { apiKey: ApiKey }) {
  const t = useTranslations('keys');
  const tUi = useTranslations('ui');
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const revoke = useChange('revokeApiKey', { refreshes: ['listApiKeys'] });
  const ask = () =>
    modal.confirm({
      title: t('revokeTitle', { name: apiKey.name }),
      content: t('revokeNote'),
      okText: t('revoke'),
      okButtonProps: { danger: true },
      cancelText: tUi('cancel'),
      onOk: () =>
        revoke
          .mutateAsync({ params: { id: apiKey.id } })
          .catch((error: Error) => void message.error(errorText(error))),
    });
  return (
    <AllowedButton
      operation="revokeApiKey"
      size="small"
      danger
      aria-label={t('revokeNamed', { name: apiKey.name })}
      onClick={ask}
    >
      {t('revoke')}
    </AllowedButton>
  );
}
