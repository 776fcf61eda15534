import {
  ApiOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  ClusterOutlined,
  CommentOutlined,
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
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalOf } from '../features/session/allowed.ts';
import { needOf } from '../features/session/page-needs.ts';
import { paths } from '../paths.ts';
import { AllowedPage } from './AllowedPage.tsx';
import { Brand } from './Brand.tsx';
import { type NavGroup, type NavItem, Shell } from './Shell.tsx';

export function PortalLayout() {
  const t = useTranslations('nav');
  const tGroups = useTranslations('navGroups');
  const tLayout = useTranslations('layout');
  const refusalOf = useRefusalOf();
  const isShown = (to: string) => {
    const need = needOf(to);
    return need === undefined || refusalOf(need) === undefined;
  };
  const item = (to: NavItem['to'], name: Parameters<typeof t>[0], icon: ReactNode): NavItem => ({
    to,
    label: t(name),
    icon,
  });
  const groups: NavGroup[] = [
    { items: [item(paths.dashboard, 'dashboard', <DashboardOutlined />)] },
    {
      label: tGroups('use'),
      items: [
        item(paths.keys, 'keys', <KeyOutlined />),
        item(paths.calls, 'calls', <UnorderedListOutlined />),
        item(paths.usage, 'usage', <BarChartOutlined />),
        item(paths.quotas, 'quotas', <PieChartOutlined />),
        item(paths.models, 'models', <TagsOutlined />),
        item(paths.playground, 'playground', <CommentOutlined />),
      ],
    },
    {
      label: tGroups('buy'),
      items: [
        item(paths.packages, 'packages', <AppstoreOutlined />),
        item(paths.plans, 'plans', <GiftOutlined />),
        item(paths.billing, 'billing', <ProfileOutlined />),
      ],
    },
    {
      label: tGroups('team'),
      items: [
        item(paths.organization, 'organization', <BankOutlined />),
        item(paths.members, 'members', <TeamOutlined />),
        item(paths.costs, 'costs', <FundOutlined />),
        item(paths.costCenters, 'costCenters', <ClusterOutlined />),
        item(paths.audit, 'audit', <AuditOutlined />),
        item(paths.webhooks, 'webhooks', <ApiOutlined />),
        item(paths.invite, 'invite', <ShareAltOutlined />),
      ],
    },
    { items: [item(paths.account, 'account', <UserOutlined />)] },
  ];
  const shown = groups.map((group) => ({
    ...group,
    items: group.items.filter(({ to }) => isShown(to)),
  }));
  return (
    <Shell
      house="portal"
      label={tLayout('portalNav')}
      brand={<Brand to={paths.dashboard} />}
      groups={shown.filter(({ items }) => items.length > 0)}
      page={<AllowedPage />}
    />
  );
}
