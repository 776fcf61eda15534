/** What customers read of troubles: posting an incident, and how it goes on. */
import { useQuery } from '@tanstack/react-query';
import { App, Switch } from 'antd';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading, useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Incident, IncidentText } from '../../features/incidents/IncidentText.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { CreateIncident, UpdateIncident } from './IncidentForms.tsx';

export function IncidentsPage() {
  const t = useTranslations('console.incidents');
  const incidents = usePages('listIncidents', {});
  const create = <Create />;
  const columns: Column<Incident>[] = [
    { title: t('title'), cell: (incident) => <IncidentText incident={incident} /> },
    { title: t('update'), isActions: true, cell: (incident) => <Update incident={incident} /> },
  ];
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <>
            <ButtonLink to={paths.status}>{t('see')}</ButtonLink>
            {create}
          </>
        }
      />
      <PublicSwitch />
      <Panel>
        <DataTable
          label={t('title')}
          list={incidents}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t('none')} action={create}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
    </div>
  );
}

function Create() {
  const t = useTranslations('console.incidents');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AllowedButton operation="createIncident" type="primary" onClick={() => setOpen(true)}>
        {t('create')}
      </AllowedButton>
      {isOpen && <CreateIncident onClose={() => setOpen(false)} />}
    </>
  );
}

function Update({ incident }: { incident: Incident }) {
  const t = useTranslations('console.incidents');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AllowedButton
        size="small"
        operation="updateIncident"
        aria-label={t('updateNamed', { title: incident.title })}
        onClick={() => setOpen(true)}
      >
        {t('update')}
      </AllowedButton>
      {isOpen && <UpdateIncident incident={incident} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Whether the page is there for anyone. */
function PublicSwitch() {
  const t = useTranslations('console.incidents');
  const tUi = useTranslations('ui');
  const id = useId();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const isForbidden = useRefusalOf()('updateSettings') !== undefined;
  const settings = useQuery(reading('getSettings'));
  const change = useChange('updateSettings', {
    refreshes: ['getSettings', 'getStatus'],
    onDone: () => void message.success(tUi('saved')),
  });
  if (!settings.data) return null;
  return (
    <div className="actions">
      <Switch
        id={id}
        checked={settings.data.public_status}
        disabled={isForbidden}
        loading={change.isPending}
        onChange={(isPublic) =>
          change.mutate(
            { body: { public_status: isPublic } },
            { onError: (error) => void message.error(errorText(error)) },
          )
        }
      />
      <label htmlFor={id}>{t('public')}</label>
    </div>
  );
}
