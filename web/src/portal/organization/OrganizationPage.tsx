import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { teamWords } from '../../i18n/messages.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { SupportPanel } from '../support/SupportPanel.tsx';
import { BasicPanel } from './BasicPanel.tsx';
import { BillingPanel } from './BillingPanel.tsx';
import { EndingPanel } from './EndingPanel.tsx';
import { NotificationsPanel } from './NotificationsPanel.tsx';
import { SecurityPanel } from './SecurityPanel.tsx';
import { SsoPanel } from './SsoPanel.tsx';

const route = getRouteApi('/portal/organization');
const tabs = ['basic', 'billing', 'notifications', 'security', 'support'] as const;
type Tab = (typeof tabs)[number];

export function OrganizationPage() {
  return (
    <WithWords words={teamWords}>
      <Organization />
    </WithWords>
  );
}

function Organization() {
  const t = useTranslations('teams.organization');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { organization } = useSession();
  const active = tabs.find((tab) => tab === search.tab) ?? 'basic';
  if (!organization) return null;
  const { id } = organization;
  const panels = {
    basic: (
      <div className="columns">
        <BasicPanel key={id} organization={organization} />
        <EndingPanel key={`ending ${id}`} organization={organization} />
      </div>
    ),
    billing: <BillingPanel organizationId={id} />,
    notifications: <NotificationsPanel organizationId={id} />,
    support: <SupportPanel key={id} organizationId={id} />,
    security: (
      <div className="stack">
        <SecurityPanel organizationId={id} />
        <SsoPanel key={id} organizationId={id} />
      </div>
    ),
  };
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <TabPanels<Tab>
        label={t('title')}
        active={active}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: panels[key] }))}
      />
    </div>
  );
}
