import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { EditChannel, NewChannel } from './ChannelDrawer.tsx';

export type Channel = Answer<'getChannel'>;

const route = getRouteApi('/console/admin/channels');
/** What `edit` says in the address while a channel is being made. */
const isNew = 'new';

export function ChannelsPage() {
  const t = useTranslations('console.channels');
  const { edit } = route.useSearch();
  const open = useOpen();
  const channels = usePages('listChannels', {});
  const create = (
    <AllowedButton operation="createChannel" type="primary" onClick={() => open(isNew)}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Panel>
        <DataTable
          label={t('title')}
          list={channels}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t('none')} action={create}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
      {edit === isNew && <NewChannel onClose={() => open('')} />}
      {edit && edit !== isNew && <EditChannel key={edit} id={edit} onClose={() => open('')} />}
    </div>
  );
}

function useOpen() {
  const navigate = useNavigate();
  return (edit: string) =>
    void navigate({ to: paths.consoleChannels, search: { edit }, replace: true });
}

function useColumns(): Column<Channel>[] {
  const t = useTranslations('console.channels');
  const tUi = useTranslations('ui');
  return [
    { title: t('name'), cell: (channel) => <NameAndAddress channel={channel} /> },
    { title: t('models'), cell: (channel) => <Models channel={channel} /> },
    { title: t('priority'), align: 'end', cell: ({ priority }) => priority },
    { title: t('weight'), align: 'end', cell: ({ weight }) => weight },
    {
      title: t('concurrency'),
      align: 'end',
      cell: ({ concurrency }) => concurrency ?? t('unlimited'),
    },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    { title: tUi('actions'), isActions: true, cell: (channel) => <RowActions channel={channel} /> },
  ];
}

function NameAndAddress({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  return (
    <span className="twofold">
      {channel.name}
      <small>{t(`dialects.${channel.dialect}`)}</small>
      <small>{channel.base_url}</small>
    </span>
  );
}

const modelsShownMax = 3;

function Models({ channel: { models, aliases } }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const more = models.length - modelsShownMax;
  return (
    <span className="twofold" title={models.join('\n')}>
      {models.slice(0, modelsShownMax).map((model) => (
        <code key={model}>{aliases[model] ? `${model} → ${aliases[model]}` : model}</code>
      ))}
      {more > 0 && <small>{t('moreModels', { count: more })}</small>}
    </span>
  );
}

function RowActions({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const open = useOpen();
  const confirm = useConfirm();
  const refreshes = ['listChannels', 'getChannel'] as const;
  const update = useChange('updateChannel', { refreshes });
  const remove = useChange('deleteChannel', { refreshes });
  const { name } = channel;
  const params = { id: channel.id };
  const isActive = channel.status === 'active';
  const askSwitch = () =>
    confirm({
      title: t(isActive ? 'disableTitle' : 'enableTitle', { name }),
      content: t(isActive ? 'disableNote' : 'enableNote'),
      okText: t(isActive ? 'disable' : 'enable'),
      act: () => update.mutateAsync({ params, body: { status: isActive ? 'disabled' : 'active' } }),
    });
  const askDelete = () =>
    confirm({
      title: t('deleteTitle', { name }),
      content: t('deleteNote'),
      okText: t('delete'),
      isDanger: true,
      act: () => remove.mutateAsync({ params }),
    });
  return (
    <span className="actions row-buttons">
      <EditButton operation="updateChannel" name={name} onClick={() => open(channel.id)} />
      <AllowedButton
        operation="updateChannel"
        size="small"
        aria-label={t(isActive ? 'disableNamed' : 'enableNamed', { name })}
        onClick={askSwitch}
      >
        {t(isActive ? 'disable' : 'enable')}
      </AllowedButton>
      <AllowedButton
        operation="deleteChannel"
        size="small"
        danger
        aria-label={t('deleteNamed', { name })}
        onClick={askDelete}
      >
        {t('delete')}
      </AllowedButton>
    </span>
  );
}
