import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { sealPurpose } from './operations/load-provider.ts';
import { methodPurpose } from './operations/method-seals.ts';

const methods = { table: 'payments_methods', key: 'id', holds: 'text' } as const;

export const paymentsSealed: readonly SealedColumn[] = [
  {
    table: 'payments_providers',
    key: 'provider',
    column: 'sealed_secrets',
    holds: 'map',
    purpose: sealPurpose,
  },
  { ...methods, column: 'sealed_reference', purpose: (id) => methodPurpose(id, 'reference') },
  { ...methods, column: 'sealed_customer', purpose: (id) => methodPurpose(id, 'customer') },
];
