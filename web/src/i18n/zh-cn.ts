import type { Translation } from './translation.ts';
import { console } from './zh-cn/console.ts';
import { everywhere } from './zh-cn/everywhere.ts';
import { security } from './zh-cn/security.ts';
import { teams } from './zh-cn/teams.ts';

export default { ...everywhere, ...console, ...security, ...teams } satisfies Translation;
