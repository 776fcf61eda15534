import type { AnswerOf } from '@sluice/contract/endpoint';
import type { openPortalSession as endpoint } from '@sluice/contract/portal-sessions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { findApplication } from '../store/applications.ts';
import { consumePortalLink } from '../store/portal.ts';
import { findUser } from '../store/users.ts';
import { openSession, type SessionTokens } from './open-session.ts';

/** A guest is let in for so long. */
const sessionMs = 3_600_000;

/**
 * Uses a link of an application up and signs its guest in.
 * @throws Refusal `link_invalid` where it is unknown, used or too old.
 */
export async function openPortalSession(
  context: Context,
  accessTokens: AccessTokens,
  token: string,
): Promise<{ tokens: SessionTokens; answer: AnswerOf<typeof endpoint> }> {
  return inTransaction(context, async (transaction) => {
    const now = context.clocks.wall();
    const link = await consumePortalLink(transaction, { hash: sha256(token), now });
    if (!link) {
      throw new Refusal(
        'link_invalid',
        'The link was used before or is too old: go back and open the page anew.',
        { param: 'token' },
      );
    }
    const { organizationId, userId, page, returnUrl } = link;
    const user = await findUser(transaction, userId);
    const application = await findApplication(transaction, link.applicationId);
    invariant(user && application, 'a link is of an application and for a guest');
    const tokens = await openSession(context, transaction, accessTokens, user, {
      method: 'portal_link',
      hasSecondFactor: false,
      organizationId,
      lastsMs: sessionMs,
    });
    const actor = { ...context.actor, kind: 'user' as const, id: userId };
    await recordAudit({ ...context, actor }, transaction, {
      organizationId,
      action: 'portal_session.open',
      resource: { kind: 'session', id: tokens.sessionId },
      newValues: { application: application.id },
    });
    return {
      tokens,
      answer: {
        ...{ page, return_url: returnUrl, application: { name: application.name } },
        expires_at: new Date(now.getTime() + sessionMs).toISOString(),
      },
    };
  });
}
