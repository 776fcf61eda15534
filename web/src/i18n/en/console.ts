export const console = {
  console: {
    nav: {
      overview: 'Overview',
      packages: 'Packages',
      models: 'Models',
      channels: 'Channels',
      settings: 'Settings',
      users: 'Users',
      organizations: 'Organizations',
      payments: 'Payments',
      calls: 'Calls',
    },
  },
} as const;
