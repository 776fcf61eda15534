import { audit } from './en/audit.ts';
import { catalogue } from './en/catalogue.ts';
import { console } from './en/console.ts';
import { costs } from './en/costs.ts';
import { everywhere } from './en/everywhere.ts';
import { fapiao } from './en/fapiao.ts';
import { growth } from './en/growth.ts';
import { notices } from './en/notices.ts';
import { playground } from './en/playground.ts';
import { quotes } from './en/quotes.ts';
import { receipt } from './en/receipt.ts';
import { redeem } from './en/redeem.ts';
import { security } from './en/security.ts';
import { sso } from './en/sso.ts';
import { status } from './en/status.ts';
import { subscribe } from './en/subscribe.ts';
import { support } from './en/support.ts';
import { teams } from './en/teams.ts';
import { webhooks } from './en/webhooks.ts';

export default {
  ...everywhere,
  ...audit,
  ...catalogue,
  ...console,
  ...costs,
  ...fapiao,
  ...growth,
  ...redeem,
  ...notices,
  ...playground,
  ...quotes,
  ...receipt,
  ...security,
  ...sso,
  ...status,
  ...subscribe,
  ...support,
  ...teams,
  ...webhooks,
} as const;
