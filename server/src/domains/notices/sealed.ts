import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { sealPurpose } from './operations/seals.ts';

const ofDestination = {
  table: 'notices_destinations',
  key: 'id',
  holds: 'text',
  purpose: sealPurpose,
} as const;

export const noticesSealed: readonly SealedColumn[] = [
  { ...ofDestination, column: 'sealed_address' },
  { ...ofDestination, column: 'sealed_code' },
];
