import {
  ApiOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BlockOutlined,
  CreditCardOutlined,
  DashboardOutlined,
  FieldNumberOutlined,
  FileExclamationOutlined,
  FileTextOutlined,
  InboxOutlined,
  PercentageOutlined,
  ProfileOutlined,
  SettingOutlined,
  StopOutlined,
  TagsOutlined,
  TeamOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { Suspense, use } from 'react';
import { IntlProvider, useTranslations } from 'use-intl';
import '../console/console.css';
import { ButtonLink } from '../features/navigation/ButtonLink.tsx';
import { usePreferences } from '../features/preferences/PreferencesProvider.tsx';
import { useSession } from '../features/session/session.ts';
import { consoleMessages } from '../i18n/messages.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Brand } from './Brand.tsx';
import { Shell } from './Shell.tsx';

export function ConsoleLayout() {
  const { user } = useSession();
  if (user.platform_role === 'user') return <ForOperatorsOnly />;
  return (
    <Suspense fallback={null}>
      <Worded />
    </Suspense>
  );
}

/** The console's own words are loaded with it, and spare everybody else the load. */
function Worded() {
  const { language } = usePreferences();
  return (
    <IntlProvider locale={language} messages={use(consoleMessages(language))}>
      <Frame />
    </IntlProvider>
  );
}

function Frame() {
  const t = useTranslations();
  return (
    <Shell
      house="console"
      label={t('layout.consoleNav')}
      brand={
        <Brand to={paths.console}>
          <small>{t('layout.consoleNav')}</small>
        </Brand>
      }
      items={[
        {
          to: paths.console,
          label: t('console.nav.overview'),
          icon: <DashboardOutlined />,
          isExact: true,
        },
        { to: paths.consolePackages, label: t('console.nav.packages'), icon: <AppstoreOutlined /> },
        { to: paths.consoleModels, label: t('console.nav.models'), icon: <TagsOutlined /> },
        { to: paths.consoleChannels, label: t('console.nav.channels'), icon: <ApiOutlined /> },
        {
          to: paths.consoleApplications,
          label: t('console.nav.applications'),
          icon: <BlockOutlined />,
        },
        { to: paths.consoleMeters, label: t('console.nav.meters'), icon: <FieldNumberOutlined /> },
        { to: paths.consolePlans, label: t('console.nav.plans'), icon: <ProfileOutlined /> },
        { to: paths.consoleUsage, label: t('console.nav.usage'), icon: <BarChartOutlined /> },
        { to: paths.consoleQuotas, label: t('console.nav.quotas'), icon: <StopOutlined /> },
        { to: paths.consoleUsers, label: t('console.nav.users'), icon: <TeamOutlined /> },
        {
          to: paths.consoleOrganizations,
          label: t('console.nav.organizations'),
          icon: <BankOutlined />,
        },
        {
          to: paths.consolePayments,
          label: t('console.nav.payments'),
          icon: <CreditCardOutlined />,
        },
        { to: paths.consoleInvoices, label: t('console.nav.invoices'), icon: <FileTextOutlined /> },
        {
          to: paths.consoleCreditNotes,
          label: t('console.nav.creditNotes'),
          icon: <FileExclamationOutlined />,
        },
        { to: paths.consoleTax, label: t('console.nav.tax'), icon: <PercentageOutlined /> },
        { to: paths.consoleUnapplied, label: t('console.nav.unapplied'), icon: <InboxOutlined /> },
        { to: paths.consoleCalls, label: t('console.nav.calls'), icon: <UnorderedListOutlined /> },
        { to: paths.consoleAudit, label: t('console.nav.audit'), icon: <AuditOutlined /> },
        { to: paths.consoleSettings, label: t('console.nav.settings'), icon: <SettingOutlined /> },
      ]}
    />
  );
}

function ForOperatorsOnly() {
  const t = useTranslations('layout');
  return (
    <main className="centered">
      <EmptyState
        title={t('forbiddenTitle')}
        action={<ButtonLink to={paths.dashboard}>{t('toPortal')}</ButtonLink>}
      >
        {t('forbiddenNote')}
      </EmptyState>
    </main>
  );
}
