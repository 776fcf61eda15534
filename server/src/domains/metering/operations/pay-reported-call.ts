import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { idAt } from '../../../platform/ids.ts';
import type { PriceBook } from '../../catalog/index.ts';
import type { CallDetails } from '../core/call-details.ts';
import { chargeFor } from '../core/rating.ts';
import type { ModelEvent } from '../core/read-event.ts';
import type { Outcome, Usage } from '../core/usage.ts';
import { claimKey } from '../ingest-store.ts';
import type { ReportedSubject } from './report-usage.ts';

/** A call that was made elsewhere, rated: what access is asked to pay. */
export interface ReportedCall {
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
  userId: string | null;
  costCenterId: string | null;
  applicationId: string | null;
  model: string;
  priceId: string;
  channel: null;
  tags: readonly string[];
  meters: readonly [];
  amount: bigint;
  usage: Usage;
  outcome: Outcome;
  authorizedAt: Date;
  latencyMs: null;
  firstTokenMs: null;
  details: CallDetails;
}

/** Durable when it answers; the same request again has no further effect. */
export type SettleReported = (call: ReportedCall) => Promise<{ repeated: boolean }>;

/**
 * Rates a reported call at the price of its time and pays for it, without asking whether there are funds: it was made.
 * Its request id comes from its key, so that a repeat after a crash settles the same call.
 * @throws Refusal `model_unpriced`.
 */
export async function payReportedCall(
  context: Context,
  { prices, settleReported }: { prices: PriceBook; settleReported: SettleReported },
  call: { event: ModelEvent; subject: ReportedSubject; key: string; applicationId: string | null },
): Promise<{ repeated: boolean }> {
  const { event, subject, key, applicationId } = call;
  if (!prices.priceOf(event.model, event.at)) throw unpriced(event.model);
  const receivedAt = context.clocks.business();
  const at = await claimKey(context.database, key, { occurredAt: event.at, receivedAt });
  const price = prices.priceOf(event.model, at);
  if (!price) throw unpriced(event.model);
  const multiplierMillionths = prices.groups.multiplierFor(subject.organizationId, event.model, at);
  return settleReported({
    requestId: requestIdOf(key, at),
    organizationId: subject.organizationId,
    apiKeyId: subject.key?.apiKeyId ?? null,
    userId: subject.userId,
    costCenterId: subject.costCenterId,
    applicationId,
    model: event.model,
    priceId: price.id,
    channel: null,
    tags: event.tags,
    meters: [],
    amount: chargeFor(price, event.usage, multiplierMillionths),
    usage: event.usage,
    outcome: 'completed',
    authorizedAt: at,
    latencyMs: null,
    firstTokenMs: null,
    details: { multiplierMillionths },
  });
}

function unpriced(model: string): Refusal {
  const advice = 'set its price first, then send the event again';
  return new Refusal('model_unpriced', `The model ${model.slice(0, 60)} has no price: ${advice}.`);
}

const randomLength = 16;

/** Hexadecimal digits are digits of ids as well. */
function requestIdOf(key: string, at: Date): string {
  return idAt('req', at) + key.slice(0, randomLength);
}
