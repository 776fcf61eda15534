import type { Translation } from './translation.ts';
import { console } from './zh-cn/console.ts';
import { everywhere } from './zh-cn/everywhere.ts';
import { teams } from './zh-cn/teams.ts';

export default { ...everywhere, ...console, ...teams } satisfies Translation;
