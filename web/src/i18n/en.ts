import { console } from './en/console.ts';
import { everywhere } from './en/everywhere.ts';
import { security } from './en/security.ts';
import { teams } from './en/teams.ts';

export default { ...everywhere, ...console, ...security, ...teams } as const;
