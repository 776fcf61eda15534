import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { webhookWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { CreateEndpoint } from './CreateEndpoint.tsx';
import { EndpointStatus } from './EndpointStatus.tsx';
import type { Endpoint } from './webhook.ts';

/** Where the organization has events sent. */
export function WebhooksPage() {
  return (
    <WithWords words={webhookWords}>
      <Endpoints />
    </WithWords>
  );
}

function Endpoints() {
  const t = useTranslations('webhooks');
  const endpoints = usePages('listWebhookEndpoints', {});
  const columns = useColumns();
  const [isAdding, setAdding] = useState(false);
  const addButton = (
    <AllowedButton operation="createWebhookEndpoint" type="primary" onClick={() => setAdding(true)}>
      {t('add')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={addButton} />
      <Panel>
        <DataTable
          label={t('title')}
          list={endpoints}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
        />
        <p className="soft">{t.rich('guide', { code: (name) => <code>{name}</code> })}</p>
      </Panel>
      {isAdding && <CreateEndpoint onClose={() => setAdding(false)} />}
    </div>
  );
}

function useColumns(): Column<Endpoint>[] {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('url'),
      cell: ({ id, url }) => (
        <Link to={paths.webhook} params={{ id }}>
          <span className="value">{url}</span>
        </Link>
      ),
    },
    { title: t('description'), cell: ({ description }) => description || '–' },
    {
      title: t('events'),
      cell: ({ events }) =>
        events === null ? t('everyEventShort') : t('eventCount', { count: events.length }),
    },
    { title: tUi('status'), cell: (endpoint) => <EndpointStatus endpoint={endpoint} /> },
    { title: t('created'), cell: (endpoint) => <When at={endpoint.created_at} show="day" /> },
  ];
}
