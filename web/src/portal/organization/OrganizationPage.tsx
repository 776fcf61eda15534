import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { teamWords } from '../../i18n/messages.ts';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { BasicPanel } from './BasicPanel.tsx';
import { EndingPanel } from './EndingPanel.tsx';

/** The panels behind the other tabs come when they are asked for. */
const BillingPanel = lazy(async () => ({
  default: (await import('./BillingPanel.tsx')).BillingPanel,
}));
const NotificationsPanel = lazy(async () => ({
  default: (await import('./NotificationsPanel.tsx')).NotificationsPanel,
}));
const NoticePanels = lazy(async () => ({
  default: (await import('../notices/NoticePanels.tsx')).NoticePanels,
}));
const SecurityPanel = lazy(async () => ({
  default: (await import('./SecurityPanel.tsx')).SecurityPanel,
}));
const SsoPanel = lazy(async () => ({ default: (await import('./SsoPanel.tsx')).SsoPanel }));
const SupportPanel = lazy(async () => ({
  default: (await import('../support/SupportPanel.tsx')).SupportPanel,
}));

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
    notifications: (
      <div className="stack">
        <NotificationsPanel organizationId={id} />
        <NoticePanels key={id} organizationId={id} />
      </div>
    ),
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
        tabs={tabs.map((key) => ({
          key,
          label: t(`tabs.${key}`),
          panel: <Suspense fallback={<Loading rows={6} />}>{panels[key]}</Suspense>,
        }))}
      />
    </div>
  );
}
