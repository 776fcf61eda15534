import type { MeterQuantity } from './commands.ts';

/** What an application asked for under an id of its own: enough to decide it again, and to settle it anywhere. */
export interface AccessRequest {
  applicationId: string;
  /** As the application calls it. */
  externalId: string;
  /** As we do. */
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
  userId: string | null;
  costCenterId: string | null;
  model: string | null;
  priceId: string | null;
  tags: readonly string[];
  worstCase: bigint;
  minimum: bigint;
  tokens: number;
  /** The quantities that are reserved. */
  meters: readonly MeterQuantity[];
  /** Business time. */
  authorizedAt: Date;
}
