import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { locationPurpose } from './operations/run-import.ts';

export const importsSealed: readonly SealedColumn[] = [
  {
    table: 'imports_sources',
    key: 'id',
    column: 'sealed_location',
    holds: 'text',
    purpose: locationPurpose,
  },
];
