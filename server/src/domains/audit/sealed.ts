import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { keyPurpose } from './person-keys.ts';

export const auditSealed: readonly SealedColumn[] = [
  {
    table: 'audit_person_keys',
    key: 'user_id',
    column: 'sealed_key',
    holds: 'text',
    purpose: keyPurpose,
  },
];
