import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { ChannelDetails } from './ChannelDetails.tsx';
import { EditChannel, NewChannel } from './ChannelDrawer.tsx';
import { ChannelState, Cost, Recent } from './ChannelState.tsx';
import type { Channel } from './channel-form.ts';

const route = getRouteApi('/console/admin/channels');
/** What `edit` says in the address while a channel is being made. */
const isNew = 'new';
const refetchIntervalMs = 10_000;

export function ChannelsPage() {
  const t = useTranslations('console.channels');
  const { edit, view } = route.useSearch();
  const open = useOpen();
  const channels = usePages('listChannels', {}, { refetchIntervalMs });
  const create = (
    <AllowedButton operation="createChannel" type="primary" onClick={() => open({ edit: isNew })}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <RefusedNotice channels={channels.rows ?? []} />
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
      {edit === isNew && <NewChannel onClose={() => open({})} />}
      {edit && edit !== isNew && <EditChannel key={edit} id={edit} onClose={() => open({})} />}
      {view && <ChannelDetails key={view} id={view} onClose={() => open({})} />}
    </div>
  );
}

/** What only a person can mend: the upstream refuses the account. */
function RefusedNotice({ channels }: { channels: Channel[] }) {
  const t = useTranslations('console.channels');
  const refused = channels.filter(
    ({ status, health }) => status === 'active' && health.state === 'refused',
  );
  if (refused.length === 0) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={t('refusedTitle', { count: refused.length })}
      description={
        <ul>
          {refused.map(({ id, name, health: { last_failure: failure } }) => (
            <li key={id}>
              <strong>{name}</strong>{' '}
              {failure && (
                <>
                  {t(`reasons.${failure.reason}`)} {t(`advice.${failure.reason}`)}{' '}
                  <When at={failure.at} show="relative" />
                </>
              )}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function useOpen() {
  const navigate = useNavigate();
  return (search: { edit?: string; view?: string }) =>
    void navigate({ to: paths.consoleChannels, search, replace: true });
}

function useColumns(): Column<Channel>[] {
  const t = useTranslations('console.channels');
  const tUi = useTranslations('ui');
  return [
    { title: t('name'), cell: (channel) => <NameAndAddress channel={channel} /> },
    { title: t('models'), cell: (channel) => <Models channel={channel} /> },
    { title: t('state'), cell: (channel) => <ChannelState channel={channel} /> },
    { title: t('lastHour'), cell: ({ health }) => <Recent recent={health.last_60_minutes} /> },
    { title: t('share'), cell: (channel) => <Share channel={channel} /> },
    { title: tUi('actions'), isActions: true, cell: (channel) => <RowActions channel={channel} /> },
  ];
}

function NameAndAddress({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  return (
    <span className="twofold record-name">
      {channel.name}
      <small>{t(`dialects.${channel.dialect}`)}</small>
      <small>{channel.base_url}</small>
    </span>
  );
}

function Share({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const { priority, weight } = channel;
  return (
    <span className="twofold">
      <span className="figure">{`${priority} · ${weight}`}</span>
      <small>{t.rich('costIs', { cost: () => <Cost channel={channel} /> })}</small>
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

function RowActions({ channel: { id, name } }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const open = useOpen();
  return (
    <span className="actions row-buttons">
      <Button
        size="small"
        aria-label={t('detailsNamed', { name })}
        onClick={() => open({ view: id })}
      >
        {t('details')}
      </Button>
      <EditButton operation="updateChannel" name={name} onClick={() => open({ edit: id })} />
    </span>
  );
}
