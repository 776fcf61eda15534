/** The console's map, in the order in which an operator thinks: who buys, what is sold, what is owed, what is used. */
import {
  AlertOutlined,
  ApiOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BarcodeOutlined,
  BellOutlined,
  BlockOutlined,
  CreditCardOutlined,
  DashboardOutlined,
  ExceptionOutlined,
  FieldNumberOutlined,
  FieldTimeOutlined,
  FileDoneOutlined,
  FileExclamationOutlined,
  FileTextOutlined,
  GiftOutlined,
  HeartOutlined,
  HistoryOutlined,
  InboxOutlined,
  LineChartOutlined,
  LinkOutlined,
  LoginOutlined,
  MailOutlined,
  NotificationOutlined,
  PercentageOutlined,
  ProfileOutlined,
  ReconciliationOutlined,
  RollbackOutlined,
  SafetyOutlined,
  SearchOutlined,
  SettingOutlined,
  ShareAltOutlined,
  SolutionOutlined,
  StopOutlined,
  SyncOutlined,
  TagsOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  WalletOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { paths } from '../paths.ts';
import type { NavGroup, NavItem } from './Shell.tsx';

export function useConsoleGroups(): NavGroup[] {
  const t = useTranslations('console.nav');
  const tGroups = useTranslations('console.navGroups');
  const item = (to: NavItem['to'], name: Parameters<typeof t>[0], icon: ReactNode): NavItem => ({
    to,
    label: t(name),
    icon,
  });
  return [
    {
      items: [
        { ...item(paths.console, 'overview', <DashboardOutlined />), isExact: true },
        item(paths.consoleReports, 'reports', <LineChartOutlined />),
      ],
    },
    {
      label: tGroups('customers'),
      items: [
        item(paths.consoleFind, 'find', <SearchOutlined />),
        item(paths.consoleOrganizations, 'organizations', <BankOutlined />),
        item(paths.consoleUsers, 'users', <TeamOutlined />),
        item(paths.consoleRisk, 'risk', <AlertOutlined />),
        item(paths.consoleReferrals, 'referrals', <ShareAltOutlined />),
      ],
    },
    {
      label: tGroups('catalog'),
      items: [
        item(paths.consolePlans, 'plans', <ProfileOutlined />),
        item(paths.consolePackages, 'packages', <AppstoreOutlined />),
        item(paths.consoleCoupons, 'coupons', <GiftOutlined />),
        item(paths.consoleCodes, 'codes', <BarcodeOutlined />),
        item(paths.consolePriceLinks, 'priceLinks', <LinkOutlined />),
        item(paths.consoleApplications, 'applications', <BlockOutlined />),
        item(paths.consoleMeters, 'meters', <FieldNumberOutlined />),
      ],
    },
    {
      label: tGroups('billing'),
      items: [
        item(paths.consoleSubscriptions, 'subscriptions', <SyncOutlined />),
        item(paths.consoleQuotes, 'quotes', <SolutionOutlined />),
        item(paths.consoleInvoices, 'invoices', <FileTextOutlined />),
        item(paths.consoleCreditNotes, 'creditNotes', <FileExclamationOutlined />),
        item(paths.consoleFapiao, 'fapiao', <FileDoneOutlined />),
        item(paths.consolePayments, 'payments', <CreditCardOutlined />),
        item(paths.consoleRefunds, 'refunds', <RollbackOutlined />),
        item(paths.consoleDisputes, 'disputes', <ExceptionOutlined />),
        item(paths.consoleUnapplied, 'unapplied', <InboxOutlined />),
        item(paths.consoleReconciliations, 'reconciliations', <ReconciliationOutlined />),
        item(paths.consoleBillingRuns, 'billingRuns', <HistoryOutlined />),
        item(paths.consoleTax, 'tax', <PercentageOutlined />),
      ],
    },
    {
      label: tGroups('usage'),
      items: [
        item(paths.consoleUsage, 'usage', <BarChartOutlined />),
        item(paths.consoleQuotas, 'quotas', <StopOutlined />),
      ],
    },
    {
      label: tGroups('gateway'),
      items: [
        item(paths.consoleModels, 'models', <TagsOutlined />),
        item(paths.consoleChannels, 'channels', <ApiOutlined />),
        item(paths.consoleCalls, 'calls', <UnorderedListOutlined />),
        item(paths.consoleIncidents, 'incidents', <HeartOutlined />),
      ],
    },
    {
      label: tGroups('system'),
      items: [
        item(paths.consoleAlerts, 'alerts', <BellOutlined />),
        item(paths.consoleNotifications, 'notifications', <NotificationOutlined />),
        item(paths.consoleProviders, 'providers', <WalletOutlined />),
        item(paths.consoleInbox, 'inbox', <MailOutlined />),
        item(paths.consoleRoles, 'roles', <SafetyOutlined />),
        item(paths.consoleAudit, 'audit', <AuditOutlined />),
        item(paths.consoleJobs, 'jobs', <FieldTimeOutlined />),
        item(paths.consoleSignIn, 'signIn', <LoginOutlined />),
        item(paths.consoleSettings, 'settings', <SettingOutlined />),
      ],
    },
  ];
}
