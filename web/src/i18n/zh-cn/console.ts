import { consoleAccess } from './console-access.ts';
import { consoleAlerts } from './console-alerts.ts';
import { consoleApplications } from './console-applications.ts';
import { consoleBilling } from './console-billing.ts';
import { consoleChannels } from './console-channels.ts';
import { consoleCodes } from './console-codes.ts';
import { consoleCoupons } from './console-coupons.ts';
import { consoleCustomers } from './console-customers.ts';
import { consoleFapiao } from './console-fapiao.ts';
import { consoleGateway } from './console-gateway.ts';
import { consoleGrants } from './console-grants.ts';
import { consoleJobs } from './console-jobs.ts';
import { consolePlans } from './console-plans.ts';
import { consolePriceLinks } from './console-price-links.ts';
import { consolePrices } from './console-prices.ts';
import { consoleProviders } from './console-providers.ts';
import { consoleQuotes } from './console-quotes.ts';
import { consoleRefunds } from './console-refunds.ts';
import { consoleReports } from './console-reports.ts';
import { consoleRisk } from './console-risk.ts';
import { consoleRoles } from './console-roles.ts';
import { consoleSales } from './console-sales.ts';
import { consoleSettings } from './console-settings.ts';
import { consoleSubscriptions } from './console-subscriptions.ts';
import { consoleSupport } from './console-support.ts';
import { consoleTax } from './console-tax.ts';

export const console = {
  console: {
    nav: {
      overview: '概览',
      reports: '报表',
      find: '查找',
      packages: '套餐',
      models: '模型价格',
      channels: '上游渠道',
      applications: '应用',
      meters: '计量项',
      plans: '方案',
      coupons: '优惠券',
      codes: '兑换码',
      priceLinks: '价格链接',
      quotas: '配额',
      usage: '用量',
      signIn: '登录',
      alerts: '告警',
      notifications: '通知记录',
      settings: '设置',
      risk: '风险',
      referrals: '邀请',
      roles: '角色',
      users: '用户',
      organizations: '组织',
      payments: '支付',
      refunds: '退款',
      disputes: '争议',
      subscriptions: '订阅',
      quotes: '报价',
      invoices: '账单',
      creditNotes: '红字账单',
      fapiao: '发票',
      tax: '税务与开具方',
      billingRuns: '计费任务',
      unapplied: '待处理款项',
      calls: '调用',
      audit: '审计日志',
      providers: '支付渠道',
      inbox: '通知收件箱',
      reconciliations: '对账',
      jobs: '操作与任务',
      incidents: '公开状态',
    },
    navGroups: {
      customers: '客户',
      catalog: '产品目录',
      billing: '计费',
      usage: '用量',
      gateway: '网关',
      system: '系统',
    },
    filters: {
      none: '没有符合条件的记录',
      noneNote: '换个条件试试，或查看全部。',
      clear: '显示全部',
      customer: '客户',
      anyCustomer: '全部客户',
    },
    forms: {
      country: '国家或地区',
      countryNote: '两位字母，例如 CN。',
      countryRule: '请填写两位字母的国家或地区代码，例如 CN。',
      reason: '原因',
      reasonNote: '会随记录保存并记入审计日志。',
      reasonRule: '请填写原因。',
      back: '返回修改',
      linesRule: '请至少选择一个项目，金额须大于零。',
      continue: '下一步',
      edit: '编辑',
      editNamed: '编辑 {name}',
      remove: '移除 {name}',
      amountRule: '请用数字填写金额，例如 30.00。',
      positiveRule: '请填写大于零的金额，例如 100.00。',
      currencyPlaceholder: '默认币种',
      currencyRule: '请填写三位字母的币种代码，例如 USD。',
    },
    ...consoleApplications,
    ...consoleAccess,
    ...consoleReports,
    ...consoleRisk,
    ...consoleRoles,
    ...consoleSales,
    ...consoleRefunds,
    ...consoleBilling,
    ...consoleSubscriptions,
    ...consoleQuotes,
    ...consoleFapiao,
    ...consoleTax,
    ...consolePlans,
    ...consoleAlerts,
    ...consoleCodes,
    ...consoleCoupons,
    ...consoleChannels,
    ...consoleGateway,
    ...consoleCustomers,
    ...consoleSupport,
    ...consoleGrants,
    ...consoleJobs,
    ...consoleSettings,
    ...consolePriceLinks,
    ...consolePrices,
    ...consoleProviders,
  },
};
