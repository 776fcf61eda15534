/** What proxies in front of an API ask before they pass a request on; they hand headers on, so the answer is in those. */
import { admitRequest as endpoint, type Limit } from '@sluice/contract/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../platform/errors.ts';
import { errorBody } from '../../platform/http/errors.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { ApplicationAccess } from './application-access.ts';
import { applicationOf } from './application-of.ts';
import { admitRequest } from './operations/admit-request.ts';
import { presentLimits } from './present-limit.ts';
import { secondsUntil } from './refuse-access.ts';

/** Longer than any key's secret. */
const keyLengthMax = 500;

export function registerAdmission(routes: Routes, door: ApplicationAccess): void {
  routes.serveRaw(endpoint, async ({ caller, query, request, reply, context }) => {
    const { meter, quantity, statuses } = query;
    try {
      const admitted = await admitRequest(door, {
        ...{ applicationId: applicationOf(caller), meter, quantity },
        ...{ secret: secretOf(request), ip: headerOf(request, 'sluice-caller-ip') },
      });
      const { requestId: call, organizationId: organization } = admitted.request;
      const limits = presentLimits(door.meters, admitted.limits);
      reply.headers({ 'sluice-call': call, 'sluice-organization': organization });
      tellOf(reply, limits[0], context.clocks.business());
      reply.send({ decision: 'permit', call, organization, limits });
    } catch (error) {
      if (statuses !== 'nginx' || !(error instanceof Refusal)) throw error;
      refuseThroughNginx(request, reply, error);
    }
  });
}

/** The scarcest limit, in the words that most programs know. */
function tellOf(reply: FastifyReply, limit: Limit | undefined, now: Date): void {
  if (!limit || limit.limit === null || limit.remaining === null) return;
  reply.headers({ 'x-ratelimit-limit': limit.limit, 'x-ratelimit-remaining': limit.remaining });
  if (limit.resets_at === null) return;
  const seconds = secondsUntil(new Date(limit.resets_at), now);
  if (seconds !== undefined) reply.header('x-ratelimit-reset', seconds);
}

/** Of all that is no permit, `auth_request` understands 401 and 403 only; what fails here stays a failure there. */
function refuseThroughNginx(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  const { status, code, retryAfterSeconds } = refusal;
  if (status >= 500) throw refusal;
  reply.headers({ 'sluice-status': status, 'sluice-code': code });
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  reply.code(status === 401 ? 401 : 403).send(errorBody(refusal, request.id));
}

/** With or without its scheme, for proxies copy the customer's header as it is. */
function secretOf(request: FastifyRequest): string | undefined {
  const given = headerOf(request, 'sluice-key')
    ?.replace(/^bearer +/i, '')
    .trim();
  return given && given.length <= keyLengthMax ? given : undefined;
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
