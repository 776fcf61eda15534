import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { type Application, NewApplication } from './ApplicationDrawer.tsx';

const route = getRouteApi('/console/admin/applications');
/** What `edit` says in the address while an application is being made. */
const isNew = 'new';

export function ApplicationsPage() {
  const t = useTranslations('console.applications');
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const open = (shown: string) =>
    void navigate({ to: paths.consoleApplications, search: { edit: shown }, replace: true });
  const create = (
    <AllowedButton operation="createApplication" onClick={() => open(isNew)}>
      {t('create')}
    </AllowedButton>
  );
  const register = (
    <ButtonLink isPrimary to={paths.consoleRegister}>
      {t('fromTemplate')}
    </ButtonLink>
  );
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <>
            {create}
            {register}
          </>
        }
      />
      <Panel>
        <DataTable
          label={t('title')}
          list={usePages('listApplications', {})}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t('none')} action={register}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
      {edit === isNew && <NewApplication onClose={() => open('')} />}
    </div>
  );
}

function useColumns(): Column<Application>[] {
  const t = useTranslations('console.applications');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('name'),
      cell: ({ id, name, description }) => (
        <span className="twofold">
          <Link to={paths.consoleApplication} params={{ id }}>
            {name}
          </Link>
          {description && <small>{description}</small>}
        </span>
      ),
    },
    { title: t('slug'), cell: ({ slug }) => <code>{slug}</code> },
    { title: tUi('status'), cell: ({ status }) => <ApplicationStatus status={status} /> },
    { title: t('since'), cell: ({ created_at }) => <When at={created_at} show="day" /> },
  ];
}

export function ApplicationStatus({ status }: { status: Application['status'] }) {
  const t = useTranslations('console.applications.statuses');
  return <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(status)}</Status>;
}
