import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { sealPurpose } from './operations/queue-mail.ts';

export const deliverySealed: readonly SealedColumn[] = [
  {
    table: 'delivery_messages',
    key: 'id',
    column: 'sealed_content',
    holds: 'text',
    purpose: sealPurpose,
  },
];
