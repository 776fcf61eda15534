/** Every address of the app. Links name one of these, so that a moved page is found by the type check. */
export const paths = {
  landing: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  verifyEmail: '/verify-email',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  dashboard: '/dashboard',
  packages: '/packages',
  checkout: '/checkout/$payment',
  keys: '/keys',
  calls: '/calls',
  call: '/calls/$id',
  models: '/models',
  billing: '/billing',
  account: '/account',
  console: '/admin',
  consolePackages: '/admin/packages',
  consoleModels: '/admin/models',
  consoleChannels: '/admin/channels',
  consoleSettings: '/admin/settings',
  consoleUsers: '/admin/users',
  consoleOrganizations: '/admin/organizations',
  consoleOrganization: '/admin/organizations/$id',
  consolePayments: '/admin/payments',
  consoleUnapplied: '/admin/unapplied',
  consoleCalls: '/admin/calls',
  consoleCall: '/admin/calls/$id',
  consoleAudit: '/admin/audit',
} as const;

/** Addresses that the server answers itself. */
export const serverPaths = {
  apiDocs: '/api/docs',
  sandboxMailbox: '/sandbox/mailbox',
} as const;
