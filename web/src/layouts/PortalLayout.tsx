import {
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  ClusterOutlined,
  DashboardOutlined,
  FundOutlined,
  GiftOutlined,
  KeyOutlined,
  PieChartOutlined,
  ProfileOutlined,
  ShareAltOutlined,
  TagsOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { useTranslations } from 'use-intl';
import { useRefusalOf } from '../features/session/allowed.ts';
import { needOf } from '../features/session/page-needs.ts';
import { paths } from '../paths.ts';
import { AllowedPage } from './AllowedPage.tsx';
import { Brand } from './Brand.tsx';
import { type NavItem, Shell } from './Shell.tsx';

export function PortalLayout() {
  const t = useTranslations();
  const refusalOf = useRefusalOf();
  const isShown = (to: string) => {
    const need = needOf(to);
    return need === undefined || refusalOf(need) === undefined;
  };
  const items: NavItem[] = [
    { to: paths.dashboard, label: t('nav.dashboard'), icon: <DashboardOutlined /> },
    { to: paths.packages, label: t('nav.packages'), icon: <AppstoreOutlined /> },
    { to: paths.plans, label: t('nav.plans'), icon: <GiftOutlined /> },
    { to: paths.keys, label: t('nav.keys'), icon: <KeyOutlined /> },
    { to: paths.calls, label: t('nav.calls'), icon: <UnorderedListOutlined /> },
    { to: paths.usage, label: t('nav.usage'), icon: <BarChartOutlined /> },
    { to: paths.costs, label: t('nav.costs'), icon: <FundOutlined /> },
    { to: paths.costCenters, label: t('nav.costCenters'), icon: <ClusterOutlined /> },
    { to: paths.quotas, label: t('nav.quotas'), icon: <PieChartOutlined /> },
    { to: paths.models, label: t('nav.models'), icon: <TagsOutlined /> },
    { to: paths.billing, label: t('nav.billing'), icon: <ProfileOutlined /> },
    { to: paths.organization, label: t('nav.organization'), icon: <BankOutlined /> },
    { to: paths.members, label: t('nav.members'), icon: <TeamOutlined /> },
    { to: paths.audit, label: t('nav.audit'), icon: <AuditOutlined /> },
    { to: paths.invite, label: t('nav.invite'), icon: <ShareAltOutlined /> },
    { to: paths.account, label: t('nav.account'), icon: <UserOutlined /> },
  ];
  return (
    <Shell
      house="portal"
      label={t('layout.portalNav')}
      brand={<Brand to={paths.dashboard} />}
      groups={[{ items: items.filter(({ to }) => isShown(to)) }]}
      page={<AllowedPage />}
    />
  );
}
