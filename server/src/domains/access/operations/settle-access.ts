import type { settleAccess as contract } from '@sluice/contract/access';
import type { BodyOf } from '@sluice/contract/endpoint';
import { invariant } from '../../../platform/errors.ts';
import { multiplierOne } from '../../../platform/multiplier.ts';
import { findModelPrices, type ModelPrice } from '../../catalog/index.ts';
import { chargeFor, findReceipt, type ReceiptRecord } from '../../metering/index.ts';
import type { ApplicationAccess } from '../application-access.ts';
import type { AccessRequest } from '../core/access-request.ts';
import type { SettleCommand } from '../core/commands.ts';
import { noUsage, readMeterUsage, readTokenUsage } from '../estimate.ts';
import { requireRequest } from './require-request.ts';

export interface SettleRequest {
  applicationId: string;
  body: BodyOf<typeof contract>;
}

export interface SettledAccess {
  request: AccessRequest;
  receipt: ReceiptRecord;
}

/**
 * Records what a call used and pays for it, at the price that it was authorized at. Any process can, at any time
 * within the late horizon; a repeat answers the first receipt.
 * @throws Refusal `not_found`, `request_closed` for one that was released, …
 */
export async function settleAccess(
  door: ApplicationAccess,
  { applicationId, body }: SettleRequest,
): Promise<SettledAccess> {
  const { access, platform, rates } = door;
  const request = await requireRequest(door, applicationId, body.request_id);
  const used = await readUsage(door, request, body.usage);
  await access.settle({
    ...request,
    ...used,
    channel: null,
    outcome: body.outcome,
    latencyMs: body.latency_ms ?? null,
    firstTokenMs: body.first_token_ms ?? null,
  });
  await rates.give(request, { tokens: used.usage.inputTokens + used.usage.outputTokens });
  const { requestId, organizationId } = request;
  const receipt = await findReceipt(platform.database, requestId, organizationId);
  invariant(receipt, `the settled call ${requestId} has a receipt`);
  return { request, receipt };
}

type Used = Pick<SettleCommand, 'amount' | 'usage' | 'meters' | 'details'>;

async function readUsage(
  door: ApplicationAccess,
  request: AccessRequest,
  usage: BodyOf<typeof contract>['usage'],
): Promise<Used> {
  if (request.priceId === null) {
    const reading = readMeterUsage(usage, door.meters, request.applicationId);
    if ('refusal' in reading) throw reading.refusal;
    return { amount: 0n, usage: noUsage, meters: reading.value };
  }
  const reading = readTokenUsage(usage);
  if ('refusal' in reading) throw reading.refusal;
  const price = await priceOf(door, request, request.priceId);
  const { organizationId, model, authorizedAt } = request;
  const { groups } = door.prices;
  // What groups say never changes, so that it is what the call was authorized with.
  const multiplierMillionths =
    model === null ? multiplierOne : groups.multiplierFor(organizationId, model, authorizedAt);
  return {
    amount: chargeFor(price, reading.value, multiplierMillionths),
    usage: reading.value,
    meters: [],
    details: { multiplierMillionths },
  };
}

/** The version that the call was authorized at; mostly it still is the one in force. */
async function priceOf(
  { platform, prices }: ApplicationAccess,
  { model, authorizedAt }: AccessRequest,
  priceId: string,
): Promise<ModelPrice> {
  const inForce = model === null ? undefined : prices.priceOf(model, authorizedAt);
  if (inForce?.id === priceId) return inForce;
  const price = (await findModelPrices(platform.database, [priceId])).get(priceId);
  invariant(price, `price ${priceId} is in the price book`);
  return price;
}
