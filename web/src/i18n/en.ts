import { audit } from './en/audit.ts';
import { console } from './en/console.ts';
import { costs } from './en/costs.ts';
import { everywhere } from './en/everywhere.ts';
import { growth } from './en/growth.ts';
import { security } from './en/security.ts';
import { sso } from './en/sso.ts';
import { support } from './en/support.ts';
import { teams } from './en/teams.ts';

export default {
  ...everywhere,
  ...audit,
  ...console,
  ...costs,
  ...growth,
  ...security,
  ...sso,
  ...support,
  ...teams,
} as const;
