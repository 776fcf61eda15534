import type { Translation } from './translation.ts';
import { audit } from './zh-cn/audit.ts';
import { catalogue } from './zh-cn/catalogue.ts';
import { console } from './zh-cn/console.ts';
import { costs } from './zh-cn/costs.ts';
import { everywhere } from './zh-cn/everywhere.ts';
import { fapiao } from './zh-cn/fapiao.ts';
import { growth } from './zh-cn/growth.ts';
import { notices } from './zh-cn/notices.ts';
import { playground } from './zh-cn/playground.ts';
import { quotes } from './zh-cn/quotes.ts';
import { receipt } from './zh-cn/receipt.ts';
import { redeem } from './zh-cn/redeem.ts';
import { security } from './zh-cn/security.ts';
import { sso } from './zh-cn/sso.ts';
import { status } from './zh-cn/status.ts';
import { subscribe } from './zh-cn/subscribe.ts';
import { support } from './zh-cn/support.ts';
import { teams } from './zh-cn/teams.ts';
import { webhooks } from './zh-cn/webhooks.ts';

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
} satisfies Translation;
