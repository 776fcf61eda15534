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
      overview: 'Overview',
      reports: 'Reports',
      find: 'Find',
      packages: 'Packages',
      models: 'Models',
      channels: 'Channels',
      applications: 'Applications',
      meters: 'Meters',
      plans: 'Plans',
      coupons: 'Coupons',
      codes: 'Codes',
      priceLinks: 'Price links',
      quotas: 'Quotas',
      usage: 'Usage',
      signIn: 'Sign-in',
      alerts: 'Alerts',
      notifications: 'Notices told',
      settings: 'Settings',
      risk: 'Risk',
      referrals: 'Referrals',
      roles: 'Roles',
      users: 'Users',
      organizations: 'Organizations',
      payments: 'Payments',
      refunds: 'Refunds',
      disputes: 'Disputes',
      subscriptions: 'Subscriptions',
      quotes: 'Quotes',
      invoices: 'Invoices',
      creditNotes: 'Credit notes',
      fapiao: 'Fapiao',
      tax: 'Tax and seller',
      billingRuns: 'Billing runs',
      unapplied: 'Unapplied money',
      calls: 'Calls',
      audit: 'Audit log',
      providers: 'Payment providers',
      inbox: 'Webhook inbox',
      reconciliations: 'Reconciliation',
      jobs: 'Operations',
      incidents: 'Public status',
    },
    navGroups: {
      customers: 'Customers',
      catalog: 'Catalog',
      billing: 'Billing',
      usage: 'Usage',
      gateway: 'Gateway',
      system: 'System',
    },
    filters: {
      none: 'Nothing matches',
      noneNote: 'Nothing here fits what you are looking for.',
      clear: 'Show all',
      customer: 'Customer',
      anyCustomer: 'All customers',
    },
    forms: {
      country: 'Country',
      countryNote: 'Two letters, such as DE.',
      countryRule: 'Write the country as two letters, such as DE.',
      reason: 'Reason',
      reasonNote: 'Kept with the record and in the audit log.',
      reasonRule: 'Say why.',
      back: 'Back',
      linesRule: 'Choose at least one line, and give each an amount of more than zero.',
      continue: 'Continue',
      edit: 'Edit',
      editNamed: 'Edit {name}',
      remove: 'Remove {name}',
      amountRule: 'Write the amount in digits, such as 30.00.',
      positiveRule: 'Write an amount of more than zero, such as 100.00.',
      currencyPlaceholder: 'as set up',
      currencyRule: 'Write the currency as three letters, such as USD.',
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
} as const;
