/** Where secrets of endpoints are sealed. */
import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { sealPurpose } from './operations/secrets.ts';

const secrets = {
  table: 'webhooks_endpoints',
  key: 'id',
  holds: 'text',
  purpose: sealPurpose,
} as const;

export const webhooksSealed: readonly SealedColumn[] = [
  { ...secrets, column: 'sealed_secret' },
  { ...secrets, column: 'sealed_previous_secret' },
];
