import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { postPurpose, webhookPurpose } from './operations/tell-operators.ts';

const text = { key: 'id', holds: 'text' } as const;

export const alertsSealed: readonly SealedColumn[] = [
  { ...text, table: 'alerts_rules', column: 'sealed_webhook', purpose: webhookPurpose },
  { ...text, table: 'alerts_posts', column: 'sealed_message', purpose: postPurpose },
];
