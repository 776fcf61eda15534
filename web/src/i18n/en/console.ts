import { consoleAccess } from './console-access.ts';
import { consoleApplications } from './console-applications.ts';
import { consoleCustomers } from './console-customers.ts';
import { consoleGateway } from './console-gateway.ts';
import { consoleSales } from './console-sales.ts';
import { consoleSettings } from './console-settings.ts';

export const console = {
  console: {
    nav: {
      overview: 'Overview',
      packages: 'Packages',
      models: 'Models',
      channels: 'Channels',
      applications: 'Applications',
      meters: 'Meters',
      plans: 'Plans',
      quotas: 'Quotas',
      usage: 'Usage',
      settings: 'Settings',
      users: 'Users',
      organizations: 'Organizations',
      payments: 'Payments',
      unapplied: 'Unapplied money',
      calls: 'Calls',
      audit: 'Audit log',
    },
    filters: {
      none: 'Nothing matches',
      noneNote: 'Nothing here fits what you are looking for.',
      clear: 'Show all',
      customer: 'Customer',
      anyCustomer: 'All customers',
      from: 'From',
      to: 'To',
    },
    forms: {
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
    ...consoleSales,
    ...consoleGateway,
    ...consoleCustomers,
    ...consoleSettings,
  },
} as const;
