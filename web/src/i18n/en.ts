import { console } from './en/console.ts';
import { everywhere } from './en/everywhere.ts';
import { teams } from './en/teams.ts';

export default { ...everywhere, ...console, ...teams } as const;
