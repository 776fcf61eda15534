import type { Translation } from './translation.ts';
import { console } from './zh-cn/console.ts';
import { everywhere } from './zh-cn/everywhere.ts';

export default { ...everywhere, ...console } satisfies Translation;
