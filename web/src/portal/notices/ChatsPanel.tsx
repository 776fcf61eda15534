import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { ConfirmRemoval } from '../../features/errors/ConfirmRemoval.tsx';
import { Refused, renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { languageNames } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { ConnectChat } from './ConnectChat.tsx';

type Chat = Answer<'listNoticeDestinations'>['data'][number];
type ChatChannel = Chat['channel'];

const refreshes = ['listNoticeDestinations'] as const;
const channels = ['telegram', 'wecom'] as const;
const words = { telegram: 'connectTelegram', wecom: 'connectWecom' } as const;

export function ChatsPanel() {
  const t = useTranslations('notices.chats');
  const chats = useQuery(reading('listNoticeDestinations'));
  const [connecting, setConnecting] = useState<ChatChannel>();
  const columns = useColumns();
  const list = {
    rows: chats.data?.data,
    error: chats.error,
    ...{ hasMore: false, isLoadingMore: false, loadMore: () => undefined },
    retry: () => void chats.refetch(),
  };
  const possible = channels.filter((channel) => chats.data?.channels.includes(channel));
  return (
    <Panel
      title={t('title')}
      note={t('note')}
      actions={possible.map((channel) => (
        <AllowedButton
          key={channel}
          operation="createNoticeDestination"
          onClick={() => setConnecting(channel)}
        >
          {t(words[channel])}
        </AllowedButton>
      ))}
    >
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
      {connecting && <ConnectChat channel={connecting} onClose={() => setConnecting(undefined)} />}
    </Panel>
  );
}

function useColumns(): Column<Chat>[] {
  const t = useTranslations('notices.chats');
  const tChannels = useTranslations('teams.notifications.channelNames');
  return [
    { title: t('name'), cell: ({ name }) => name },
    { title: t('channel'), cell: ({ channel }) => tChannels(channel) },
    { title: t('language'), cell: ({ locale }) => languageNames[locale] },
    {
      title: t('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'warning'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    { title: t('actions'), isActions: true, cell: (chat) => <Actions chat={chat} /> },
  ];
}

function Actions({ chat }: { chat: Chat }) {
  const t = useTranslations('notices.chats');
  const [isRemoving, setRemoving] = useState(false);
  return (
    <div className="stack">
      {chat.status === 'waiting' && <Waiting chat={chat} />}
      <div className="actions">
        {chat.status === 'active' && <Trial id={chat.id} />}
        <AllowedButton
          operation="deleteNoticeDestination"
          size="small"
          danger
          aria-label={`${t('remove')}: ${chat.name}`}
          onClick={() => setRemoving(true)}
        >
          {t('remove')}
        </AllowedButton>
      </div>
      {isRemoving && <Removal chat={chat} onClose={() => setRemoving(false)} />}
    </div>
  );
}

/** The link is opened where somebody uses Telegram; the server looks every minute, and when it is asked. */
function Waiting({ chat: { id, link } }: { chat: Chat }) {
  const t = useTranslations('notices.chats');
  const check = useChange('checkNoticeDestination', { refreshes });
  return (
    <>
      <p className="soft">{t('linkNote')}</p>
      <Refused error={check.error} />
      <div className="actions">
        {link && (
          <Button size="small" type="primary" href={link} target="_blank" rel="noopener">
            {t('openLink')}
          </Button>
        )}
        <Button
          size="small"
          loading={check.isPending}
          onClick={() => check.mutate({ params: { id } })}
        >
          {t('check')}
        </Button>
      </div>
    </>
  );
}

function Trial({ id }: { id: string }) {
  const t = useTranslations('notices.chats');
  const { message } = App.useApp();
  const test = useChange('testNoticeDestination', {
    onDone: ({ outcome, detail }) => {
      const said = t(`tested.${outcome}`, { detail: detail ?? '' });
      void (outcome === 'sent' ? message.success(said) : message.warning(said));
    },
  });
  return (
    <>
      <Refused error={test.error} />
      <AllowedButton
        operation="testNoticeDestination"
        size="small"
        loading={test.isPending}
        onClick={() => test.mutate({ params: { id } })}
      >
        {t('test')}
      </AllowedButton>
    </>
  );
}

function Removal({ chat: { id, name }, onClose }: { chat: Chat; onClose: () => void }) {
  const t = useTranslations('notices.chats');
  const remove = useChange('deleteNoticeDestination', { refreshes, onDone: onClose });
  return (
    <ConfirmRemoval
      title={t('removeTitle', { name })}
      note={t('removeNote')}
      okText={t('remove')}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id } })}
      onClose={onClose}
    />
  );
}
