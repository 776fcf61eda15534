/** One application: what it counts and gives, what it sells, and the keys of its services. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { type Application, EditApplication } from './ApplicationDrawer.tsx';
import { ApplicationStatus } from './ApplicationsPage.tsx';
import { KeysTab } from './KeysTab.tsx';
import { FeaturesTab, MetersTab, PlansTab } from './OwnedTabs.tsx';

const route = getRouteApi('/console/admin/applications/$id');
const tabs = ['meters', 'features', 'plans', 'keys'] as const;
/** What `edit` says in the address while the application itself is being changed. */
const isItself = 'application';

export function ApplicationPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.applications');
  const application = useQuery(reading('getApplication', { params: { id } }));
  if (application.data) return <Loaded application={application.data} />;
  return (
    <div className="page">
      <PageHeader title={t('one')} note={<Link to={paths.consoleApplications}>{t('all')}</Link>} />
      {application.error ? (
        <Failure error={application.error} onRetry={() => void application.refetch()} />
      ) : (
        <Loading rows={10} />
      )}
    </div>
  );
}

function Loaded({ application }: { application: Application }) {
  const t = useTranslations('console.applications');
  const { tab, edit } = route.useSearch();
  const set = useSearchChange(application.id);
  const close = () => set({ edit: '' });
  const owned = { application, edit, onEdit: (shown: string) => set({ edit: shown }) };
  const panels = {
    meters: <MetersTab {...owned} />,
    features: <FeaturesTab {...owned} />,
    plans: <PlansTab {...owned} />,
    keys: <KeysTab {...owned} />,
  };
  return (
    <div className="page">
      <PageHeader
        title={application.name}
        note={<Link to={paths.consoleApplications}>{t('all')}</Link>}
        actions={<Actions application={application} onEdit={() => set({ edit: isItself })} />}
      />
      <Panel>
        <ApplicationFacts application={application} />
      </Panel>
      <Panel>
        <TabPanels
          label={application.name}
          active={tabs.find((key) => key === tab) ?? tabs[0]}
          onChange={(key) => set({ tab: key, edit: '' })}
          tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: panels[key] }))}
        />
      </Panel>
      {edit === isItself && <EditApplication application={application} onClose={close} />}
    </div>
  );
}

function useSearchChange(id: string) {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'tab' | 'edit', string>>) =>
    void navigate({
      to: paths.consoleApplication,
      params: { id },
      search: { ...search, ...change },
      replace: true,
    });
}

function Actions({ application, onEdit }: { application: Application; onEdit: () => void }) {
  const t = useTranslations('console.applications');
  const tForms = useTranslations('console.forms');
  const confirm = useConfirm();
  const update = useChange('updateApplication', {
    refreshes: ['getApplication', 'listApplications'],
  });
  const { id, name } = application;
  const isActive = application.status === 'active';
  const ask = () =>
    confirm({
      title: t(isActive ? 'archiveTitle' : 'restoreTitle', { name }),
      content: t(isActive ? 'archiveNote' : 'restoreNote'),
      okText: t(isActive ? 'archive' : 'restore'),
      isDanger: isActive,
      act: () =>
        update.mutateAsync({ params: { id }, body: { status: isActive ? 'archived' : 'active' } }),
    });
  return (
    <>
      <AllowedButton operation="updateApplication" onClick={onEdit}>
        {tForms('edit')}
      </AllowedButton>
      <AllowedButton operation="updateApplication" danger={isActive} onClick={ask}>
        {t(isActive ? 'archive' : 'restore')}
      </AllowedButton>
    </>
  );
}

function ApplicationFacts({ application }: { application: Application }) {
  const t = useTranslations('console.applications');
  const tUi = useTranslations('ui');
  const { id, slug, status, description, created_at } = application;
  return (
    <div className="stack">
      {description && <p>{description}</p>}
      <Facts
        items={[
          { label: tUi('status'), value: <ApplicationStatus status={status} /> },
          { label: t('slug'), value: <code>{slug}</code> },
          { label: 'ID', value: <Id value={id} /> },
          { label: t('since'), value: <When at={created_at} show="day" /> },
        ]}
      />
    </div>
  );
}
