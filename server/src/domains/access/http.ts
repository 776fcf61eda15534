import * as endpoints from '@sluice/contract/access';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../platform/errors.ts';
import { parse } from '../../platform/http/errors.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { findApplication } from '../identity/index.ts';
import { presentReceipt } from '../metering/index.ts';
import type { ApplicationAccess } from './application-access.ts';
import { applicationOf } from './application-of.ts';
import { type SubjectReference, subjectOfQuery } from './core/subject-reference.ts';
import { registerAdmission } from './http-admit.ts';
import { authorizeAccess } from './operations/authorize-access.ts';
import { checkRateLimit } from './operations/check-rate-limit.ts';
import { getAccessFeatures } from './operations/get-access-features.ts';
import { getAccessQuotas } from './operations/get-access-quotas.ts';
import { releaseAccess } from './operations/release-access.ts';
import { renewAccess } from './operations/renew-access.ts';
import { settleAccess } from './operations/settle-access.ts';
import { presentLimits } from './present-limit.ts';
import { secondsUntil } from './refuse-access.ts';

/** Serves what applications ask of access. */
export function registerAccess(routes: Routes, door: ApplicationAccess): void {
  serveCalls(routes, door);
  serveQuestions(routes, door);
  registerAdmission(routes, door);
}

function serveCalls(routes: Routes, door: ApplicationAccess): void {
  routes.serve(endpoints.authorizeAccess, async ({ caller, body }) => {
    const applicationId = applicationOf(caller);
    await requireOwn(door, applicationId, body.application);
    const { request, expiresAt, limits } = await authorizeAccess(door, { applicationId, body });
    return {
      decision: 'permit' as const,
      request_id: request.externalId,
      call: request.requestId,
      organization: request.organizationId,
      expires_at: expiresAt.toISOString(),
      limits: presentLimits(door.meters, limits),
    };
  });
  routes.serve(endpoints.settleAccess, async ({ caller, body }) => {
    const command = { applicationId: applicationOf(caller), body };
    const { request, receipt } = await settleAccess(door, command);
    const { request_id: call, ...shown } = presentReceipt(receipt);
    return { ...shown, request_id: request.externalId, call };
  });
  routes.serve(endpoints.releaseAccess, async ({ caller, body }) => {
    const call = { applicationId: applicationOf(caller), externalId: body.request_id };
    return { request_id: body.request_id, released: await releaseAccess(door, call) };
  });
  routes.serve(endpoints.renewAccess, async ({ caller, body }) => {
    const expiresAt = await renewAccess(door, {
      applicationId: applicationOf(caller),
      externalId: body.request_id,
      holdSeconds: body.hold_seconds,
    });
    return { request_id: body.request_id, expires_at: expiresAt.toISOString() };
  });
}

function serveQuestions(routes: Routes, door: ApplicationAccess): void {
  const { subjects } = door;
  routes.serve(endpoints.checkRateLimit, async ({ caller, body, context }) => {
    const applicationId = applicationOf(caller);
    const { name, limit, window_seconds: windowSeconds } = body;
    const subject = await subjects.resolve(applicationId, body.subject);
    const asked = { applicationId, subject, name, limit, windowSeconds };
    const { allowed, remaining, resetsAt } = await checkRateLimit(door, asked);
    return {
      allowed,
      limit,
      remaining,
      resets_at: resetsAt.toISOString(),
      retry_after_seconds: allowed ? 0 : (secondsUntil(resetsAt, context.clocks.wall()) ?? 0),
    };
  });
  routes.serve(endpoints.getAccessFeatures, async ({ caller, query, request }) => {
    const applicationId = applicationOf(caller);
    const subject = await subjects.resolve(applicationId, referenceOf(query, request));
    const { features, plan } = await getAccessFeatures(door, subject, applicationId);
    return { data: features, plan, organization: subject.organizationId };
  });
  routes.serve(endpoints.getAccessQuotas, async ({ caller, query, request }) => {
    const subject = await subjects.resolve(applicationOf(caller), referenceOf(query, request));
    const states = await getAccessQuotas(door, subject);
    const data = presentLimits(door.meters, states);
    return { data, next_cursor: null, organization: subject.organizationId };
  });
}

async function requireOwn(
  { platform }: ApplicationAccess,
  applicationId: string,
  named: string | undefined,
): Promise<void> {
  if (named === undefined || named === applicationId) return;
  const own = await findApplication(platform.database, applicationId);
  if (own?.slug === named) return;
  const sentence = 'This key belongs to another application: leave the field out, or use its key.';
  throw new Refusal('forbidden', sentence, { param: 'application' });
}

/** A key's secret stays out of addresses, which are written down everywhere, in a header of its own. */
function referenceOf(
  query: Parameters<typeof subjectOfQuery>[0],
  { headers }: FastifyRequest,
): SubjectReference {
  const header = headers['sluice-subject'];
  const named = subjectOfQuery(typeof header === 'string' ? { ...query, subject: header } : query);
  return parse(endpoints.Subject, named);
}
