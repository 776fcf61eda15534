import type { Translation } from './translation.ts';
import { audit } from './zh-cn/audit.ts';
import { console } from './zh-cn/console.ts';
import { costs } from './zh-cn/costs.ts';
import { everywhere } from './zh-cn/everywhere.ts';
import { growth } from './zh-cn/growth.ts';
import { security } from './zh-cn/security.ts';
import { sso } from './zh-cn/sso.ts';
import { support } from './zh-cn/support.ts';
import { teams } from './zh-cn/teams.ts';

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
} satisfies Translation;
