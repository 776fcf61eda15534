import { alertsSealed } from '../domains/alerts/index.ts';
import { auditSealed } from '../domains/audit/index.ts';
import { deliverySealed } from '../domains/delivery/index.ts';
import { gatewaySealed } from '../domains/gateway/index.ts';
import { identitySealed } from '../domains/identity/index.ts';
import { importsSealed } from '../domains/imports/index.ts';
import { noticesSealed } from '../domains/notices/index.ts';
import { paymentsSealed } from '../domains/payments/index.ts';
import { webhooksSealed } from '../domains/webhooks/index.ts';
import { idempotencySealed } from '../platform/http/idempotency.ts';
import type { SealedColumn } from '../platform/sealed-columns.ts';
import { rootSealed } from '../platform/secret-key.ts';

/** Every column with texts sealed under the deployment's key: `sluice rotate-key` seals them anew. */
export const sealedColumns: readonly SealedColumn[] = [
  rootSealed,
  idempotencySealed,
  ...auditSealed,
  ...deliverySealed,
  ...identitySealed,
  ...gatewaySealed,
  ...paymentsSealed,
  ...noticesSealed,
  ...importsSealed,
  ...alertsSealed,
  ...webhooksSealed,
];
