/** Through the product's own door, as the gateway does it: holds need not survive a crash of the database. */
import { createAccess } from '../../server/src/domains/access/index.ts';
import {
  costNanos,
  holdMs,
  subject,
  tokensMost,
  usage,
  type Way,
  worstCaseNanos,
} from './calls.ts';
import type { World } from './world.ts';

export function ours({ platform, url }: World): Way {
  const access = createAccess(platform, { url });
  const { apiKeyId, userId, model, priceId, channelId } = subject;
  return {
    async authorize({ requestId, organizationId, at }) {
      const answer = await access.authorize({
        requestId,
        organizationId,
        apiKeyId,
        userId,
        costCenterId: null,
        applicationId: null,
        tokens: tokensMost,
        meters: [],
        model,
        priceId,
        worstCase: worstCaseNanos,
        minimum: worstCaseNanos,
        authorizedAt: at,
        expiresAt: new Date(at.getTime() + holdMs),
        durable: false,
      });
      if (!answer.permitted) throw new Error('The bench ran out of money.');
    },
    async settle({ requestId, organizationId, at }) {
      await access.settle({
        requestId,
        organizationId,
        apiKeyId,
        userId,
        costCenterId: null,
        applicationId: null,
        tags: [],
        meters: [],
        model,
        priceId,
        channel: channelId,
        amount: costNanos,
        usage,
        outcome: 'completed',
        authorizedAt: at,
        latencyMs: 900,
        firstTokenMs: 300,
      });
    },
    close: () => access.close(),
  };
}
