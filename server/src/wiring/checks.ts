import { accessChecks } from '../domains/access/index.ts';
import { auditChecks } from '../domains/audit/index.ts';
import { deliveryChecks } from '../domains/delivery/index.ts';
import { gatewayChecks } from '../domains/gateway/index.ts';
import { identityChecks } from '../domains/identity/index.ts';
import { jobsChecks } from '../domains/jobs/index.ts';
import { paymentsChecks } from '../domains/payments/index.ts';
import { webhooksChecks } from '../domains/webhooks/index.ts';
import type { Check } from '../platform/checks.ts';
import { outboxCheck } from '../platform/outbox-check.ts';

/** What the doctor asks of the domains, in the order in which it tells it. */
export const checks: readonly Check[] = [
  ...identityChecks,
  ...gatewayChecks,
  ...paymentsChecks,
  ...jobsChecks,
  outboxCheck,
  ...deliveryChecks,
  ...webhooksChecks,
  ...accessChecks,
  ...auditChecks,
];
