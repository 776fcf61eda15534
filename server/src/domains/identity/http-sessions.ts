import * as contract from '@sluice/contract/identity';
import * as portal from '@sluice/contract/portal-sessions';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../platform/config.ts';
import { invariant, Refusal } from '../../platform/errors.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { type AccessTokens, accessTokenSeconds } from './access-tokens.ts';
import { clearSessionCookies, markDevice, refreshCookie, setSessionCookies } from './cookies.ts';
import { requireOwnRequest } from './operations/authenticate.ts';
import { createPortalSession } from './operations/create-portal-session.ts';
import { forgotPassword } from './operations/forgot-password.ts';
import { countLink, limitAddress } from './operations/limit-address.ts';
import { login } from './operations/login.ts';
import { logout } from './operations/logout.ts';
import { openPortalSession } from './operations/open-portal-session.ts';
import type { SessionTokens } from './operations/open-session.ts';
import { refreshSession } from './operations/refresh-session.ts';
import { register } from './operations/register.ts';
import { resetPassword } from './operations/reset-password.ts';
import { verifyEmail } from './operations/verify-email.ts';
import { presentOrganization, presentUser } from './present.ts';

/** Signing up, in and out. */
export function registerSessions(routes: Routes, accessTokens: AccessTokens): void {
  registerSignUp(routes);
  registerSignIn(routes, accessTokens);
  registerPortal(routes, accessTokens);
  routes.serve(contract.getJwks, async ({ reply }) => {
    reply.header('cache-control', 'public, max-age=300');
    return { keys: await accessTokens.publicKeys() };
  });
}

function registerSignUp(routes: Routes): void {
  routes.serve(contract.register, async ({ context, body, reply }) => {
    await limitAddress(context, 'sign_ups_per_hour');
    const { invite_code: inviteCode, ...registration } = body;
    const { user, organization } = await register(context, { ...registration, inviteCode });
    markDevice(reply, context.config);
    return { user: presentUser(user), organization: presentOrganization(organization) };
  });
  routes.serve(contract.verifyEmail, async ({ context, body }) => {
    await countLink(context);
    return { user: presentUser(await verifyEmail(context, body.token)) };
  });
  routes.serve(contract.forgotPassword, async ({ context, body }) => {
    await limitAddress(context, 'forgotten_passwords_per_hour');
    await forgotPassword(context, body.email);
  });
  routes.serve(contract.resetPassword, async ({ context, body }) => {
    await countLink(context);
    await resetPassword(context, body);
  });
}

function registerSignIn(routes: Routes, accessTokens: AccessTokens): void {
  routes.serve(contract.login, async ({ context, body, reply }) => {
    const tokens = await login(context, accessTokens, body);
    setSessionCookies(reply, context.config, tokens);
    return presentSession(tokens);
  });
  routes.serve(contract.refreshSession, async ({ context, body, request, reply }) => {
    const presented = presentedToken(body.refresh_token, request, context.config);
    if (presented === undefined) {
      throw new Refusal('token_invalid', 'Send the refresh token, or sign in again.', {
        param: 'refresh_token',
      });
    }
    try {
      const tokens = await refreshSession(context, accessTokens, presented);
      setSessionCookies(reply, context.config, tokens);
      return presentSession(tokens);
    } catch (error) {
      // A browser that keeps a dead token would send it again and again.
      if (error instanceof Refusal) clearSessionCookies(reply, context.config);
      throw error;
    }
  });
  routes.serve(contract.logout, async ({ context, body, request, reply }) => {
    const presented = presentedToken(body.refresh_token, request, context.config);
    if (presented !== undefined) await logout(context, presented);
    clearSessionCookies(reply, context.config);
  });
}

/** Guests whom applications let in. */
function registerPortal(routes: Routes, accessTokens: AccessTokens): void {
  routes.serve(portal.createPortalSession, ({ context, caller, body }) => {
    invariant(caller.kind === 'application', 'only applications may do this');
    return createPortalSession(context, caller.applicationId, body);
  });
  routes.serve(portal.openPortalSession, async ({ context, body, reply }) => {
    const { tokens, answer } = await openPortalSession(context, accessTokens, body.token);
    setSessionCookies(reply, context.config, tokens);
    return answer;
  });
}

/** The refresh token of the body or, when it is our own page that asks, of the cookie. */
function presentedToken(
  fromBody: string | undefined,
  request: FastifyRequest,
  config: Config,
): string | undefined {
  if (fromBody !== undefined) return fromBody;
  const cookie = request.cookies[refreshCookie];
  if (cookie !== undefined) requireOwnRequest(request, config.publicUrl);
  return cookie;
}

export function presentSession({ accessToken, refreshToken, user }: SessionTokens) {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer' as const,
    expires_in: accessTokenSeconds,
    user: presentUser(user),
  };
}
