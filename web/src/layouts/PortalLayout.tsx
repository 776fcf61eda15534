import {
  AppstoreOutlined,
  BankOutlined,
  BarChartOutlined,
  DashboardOutlined,
  GiftOutlined,
  KeyOutlined,
  PieChartOutlined,
  ProfileOutlined,
  TagsOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { useTranslations } from 'use-intl';
import { paths } from '../paths.ts';
import { Brand } from './Brand.tsx';
import { Shell } from './Shell.tsx';

export function PortalLayout() {
  const t = useTranslations();
  return (
    <Shell
      house="portal"
      label={t('layout.portalNav')}
      brand={<Brand to={paths.dashboard} />}
      groups={[
        {
          items: [
            { to: paths.dashboard, label: t('nav.dashboard'), icon: <DashboardOutlined /> },
            { to: paths.packages, label: t('nav.packages'), icon: <AppstoreOutlined /> },
            { to: paths.plans, label: t('nav.plans'), icon: <GiftOutlined /> },
            { to: paths.keys, label: t('nav.keys'), icon: <KeyOutlined /> },
            { to: paths.calls, label: t('nav.calls'), icon: <UnorderedListOutlined /> },
            { to: paths.usage, label: t('nav.usage'), icon: <BarChartOutlined /> },
            { to: paths.quotas, label: t('nav.quotas'), icon: <PieChartOutlined /> },
            { to: paths.models, label: t('nav.models'), icon: <TagsOutlined /> },
            { to: paths.billing, label: t('nav.billing'), icon: <ProfileOutlined /> },
            { to: paths.organization, label: t('nav.organization'), icon: <BankOutlined /> },
            { to: paths.members, label: t('nav.members'), icon: <TeamOutlined /> },
            { to: paths.account, label: t('nav.account'), icon: <UserOutlined /> },
          ],
        },
      ]}
    />
  );
}
