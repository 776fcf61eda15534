import type { authorizeAccess as contract } from '@sluice/contract/access';
import type { BodyOf } from '@sluice/contract/endpoint';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Terms } from '../../entitlements/index.ts';
import { judgeOrganization } from '../../identity/index.ts';
import type { ApplicationAccess } from '../application-access.ts';
import { renewRates, takeRates } from '../call-rates.ts';
import type { AccessRequest } from '../core/access-request.ts';
import type { AuthorizeCommand, QuotaState } from '../core/commands.ts';
import { type Estimate, readMeterEstimate, readTokenEstimate } from '../estimate.ts';
import { refuseAccess } from '../refuse-access.ts';
import { confirmPermitted, findRequest, markRefused } from '../requests-store.ts';
import { requireModel, requirePermitted, requireUsable } from '../standing.ts';
import type { AccessSubject } from '../subjects.ts';
import { authorizeWithOverage } from './buy-overage.ts';

export interface AuthorizeRequest {
  applicationId: string;
  body: BodyOf<typeof contract>;
}

export interface AccessPermit {
  request: AccessRequest;
  expiresAt: Date;
  limits: QuotaState[];
}

/**
 * Decides a call of an application and reserves what it needs; asked again while it is open, it answers as before.
 * @throws Refusal with the limit that refused.
 */
export async function authorizeAccess(
  door: ApplicationAccess,
  asked: AuthorizeRequest,
): Promise<AccessPermit> {
  const { applicationId, body } = asked;
  const subject = await door.subjects.resolve(applicationId, body.subject);
  const now = door.platform.clocks.business();
  if (subject.key !== null) requireUsable(subject.key, { ip: body.ip, now });
  requirePermitted(await judgeOrganization(door.platform, subject));
  const terms = await door.terms.termsOf(subject.organizationId);
  const request = describeRequest(door, asked, { subject, terms, now });
  const expiresAt = new Date(door.platform.clocks.wall().getTime() + body.hold_seconds * 1000);
  const refusal = await takeRates(door, request, { subject, terms, expiresAt });
  if (refusal && !(await isOpen(door, request))) throw refusal;
  let keepsPlace = refusal !== undefined;
  try {
    const { permit, isNew } = await decide(door, request, expiresAt);
    // A repeat's place was taken by the first.
    keepsPlace ||= isNew;
    return permit;
  } finally {
    if (!keepsPlace) await door.rates.give(request);
  }
}

interface Circumstances {
  subject: AccessSubject;
  terms: Terms;
  now: Date;
}

/** What is asked for, at the prices of now. */
function describeRequest(
  door: ApplicationAccess,
  { applicationId, body }: AuthorizeRequest,
  { subject, terms, now }: Circumstances,
): AccessRequest {
  const { estimate, priceId } = readEstimate(
    door,
    { applicationId, body },
    { subject, terms, now },
  );
  return {
    applicationId,
    externalId: body.request_id,
    requestId: newId('req', now),
    organizationId: subject.organizationId,
    apiKeyId: subject.key?.apiKeyId ?? null,
    userId: subject.userId,
    costCenterId: subject.costCenterId,
    model: body.model ?? null,
    priceId,
    tags: tagsOf(subject.key?.tags ?? [], body.tags),
    ...estimate,
    minimum: terms.onShortFunds === 'cap' ? 1n : estimate.worstCase,
    authorizedAt: now,
  };
}

function readEstimate(
  { prices, meters }: ApplicationAccess,
  { applicationId, body }: AuthorizeRequest,
  { subject, terms, now }: Circumstances,
): { estimate: Estimate; priceId: string | null } {
  const { model } = body;
  if (model === undefined) {
    const reading = readMeterEstimate(body.estimate, meters, applicationId);
    if ('refusal' in reading) throw reading.refusal;
    return { estimate: reading.value, priceId: null };
  }
  requireModel(model, {
    ...{ key: subject.key, planModels: terms.models },
    names: (list) => prices.groups.names(list, model, now),
  });
  const price = prices.priceOf(model, now);
  if (price === undefined) {
    const sentence = `"${model}" has no price here: ask the operator to set one.`;
    throw new Refusal('model_unpriced', sentence, { param: 'model' });
  }
  const { organizationId } = subject;
  const multiplierMillionths = prices.groups.multiplierFor(organizationId, model, now);
  const reading = readTokenEstimate(body.estimate, price, multiplierMillionths);
  if ('refusal' in reading) throw reading.refusal;
  return { estimate: reading.value, priceId: price.id };
}

const tagsMax = 10;

/** The key's, and those of this call. */
function tagsOf(ofKey: readonly string[], ofCall: readonly string[]): string[] {
  const tags = [...new Set([...ofKey, ...ofCall])];
  if (tags.length <= tagsMax) return tags;
  const sentence = `Send fewer tags: with those of the key there may be ${tagsMax}.`;
  throw new Refusal('rule_violated', sentence, { param: 'tags' });
}

/** A call that is open was counted when it was first asked for: no rate refuses its repeat. */
async function isOpen(door: ApplicationAccess, request: AccessRequest): Promise<boolean> {
  const { applicationId, externalId } = request;
  return (await findRequest(door.platform.database, applicationId, externalId)) !== undefined;
}

/** An id is used anew by others this often while we decide it, at most; each time somebody was refused. */
const attemptsMax = 5;

async function decide(
  door: ApplicationAccess,
  asked: AccessRequest,
  expiresAt: Date,
): Promise<{ permit: AccessPermit; isNew: boolean }> {
  const { access, platform, requests } = door;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { request, isNew } = await requests.open(asked);
    const answer = await authorizeWithOverage(door, commandOf(door, request, expiresAt));
    if (!answer.permitted) {
      const now = platform.clocks.business();
      if (isNew) await markRefused(platform.database, request, now);
      throw refuseAccess(answer, {
        meterOf: (id) => meterOf(door, id),
        meterIds: request.meters.map(({ meterId }) => meterId),
        now,
        usageCurrency: platform.config.usageCurrency,
      });
    }
    const permit = { request, expiresAt, limits: answer.limits ?? [] };
    if (isNew) return { permit, isNew };
    if (await confirmPermitted(platform.database, request)) {
      await access.renew({ ...request, expiresAt });
      await renewRates(door, request, expiresAt);
      return { permit, isNew };
    }
    await access.release(request);
  }
  throw new Refusal(
    'conflict',
    'Others use this request id at the same time: use ids of its own.',
    {
      param: 'request_id',
    },
  );
}

function commandOf(
  door: ApplicationAccess,
  request: AccessRequest,
  expiresAt: Date,
): AuthorizeCommand {
  return {
    ...request,
    meters: request.meters.map(({ meterId, quantity }) => ({
      meterId,
      quantity,
      requiresQuota: meterOf(door, meterId).requiresQuota,
    })),
    wantLimits: true,
    expiresAt,
    durable: true,
  };
}

/** Meters are never deleted, so that what refers to one finds it. */
function meterOf({ meters }: ApplicationAccess, id: string) {
  const meter = meters.byId(id);
  invariant(meter, `meter ${id} is in the book`);
  return meter;
}
