import { console } from './en/console.ts';
import { everywhere } from './en/everywhere.ts';

export default { ...everywhere, ...console } as const;
