/** Finds out who calls: a person by access token or cookie, a machine by API key. */

import type { PlatformPermission } from '@sluice/contract/permissions';
import type { Platform } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import type {
  Authenticate,
  Caller,
  Credentials,
  UserCaller,
} from '../../../platform/http/caller.ts';
import { type AccessClaims, type AccessTokens, createAccessTokens } from '../access-tokens.ts';
import { applicationSecretPrefix } from '../core/application-key.ts';
import { mayUseFrom } from '../core/ip-allowlist.ts';
import { permissionsOf, platformPermissionsOf } from '../core/roles.ts';
import { isOwnRequest } from '../core/same-origin.ts';
import { judgeSession } from '../core/session-rules.ts';
import { supportPermissions } from '../core/support.ts';
import type { Keyring } from '../keyring.ts';
import { findMembership } from '../store/members.ts';
import { findSessionAccess } from '../store/sessions.ts';
import { findSupportOf } from '../store/support.ts';
import { requireStanding } from './judge-organization.ts';

/** Set by `cookies.ts` when somebody signs in. */
export const accessCookie = 'sluice_access';

interface AuthenticatorOptions {
  platform: Platform;
  keyring: Keyring;
  accessTokens: AccessTokens;
}

export function createAuthenticator(platform: Platform, keyring: Keyring): Authenticate {
  const options = { platform, keyring, accessTokens: createAccessTokens(platform) };
  return async (credentials) => {
    const bearer = bearerOf(credentials);
    if (bearer?.startsWith(applicationSecretPrefix)) return callerOfApplication(keyring, bearer);
    if (bearer !== undefined && (await keyring.hasFormOfKey(bearer))) {
      return callerOfKey(options, credentials, bearer);
    }
    if (bearer !== undefined) {
      const claims = await options.accessTokens.verify(bearer);
      const caller = claims && (await callerOfSession(options, credentials, claims));
      if (!caller) throw invalidToken();
      return caller;
    }
    return callerOfCookie(options, credentials);
  };
}

/**
 * Refuses what another site's page made the browser send.
 * @throws Refusal `cross_site_request`.
 */
export function requireOwnRequest(
  { method, headers }: Pick<Credentials, 'method' | 'headers'>,
  publicUrl: string,
): void {
  const isOwn = isOwnRequest(
    {
      method,
      fetchSite: headers['sec-fetch-site'] as string | undefined,
      origin: headers.origin,
      host: headers.host,
    },
    publicUrl,
  );
  if (isOwn) return;
  throw new Refusal(
    'cross_site_request',
    'A request with a session cookie must come from our own pages: send "Authorization: Bearer …" instead.',
  );
}

function bearerOf({ headers }: Credentials): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const match = /^bearer +(\S+)$/i.exec(authorization.trim());
  if (!match?.[1]) throw invalidToken();
  return match[1];
}

/** A cookie that is stale makes nobody: the browser sends it to the sign-in page, too. */
async function callerOfCookie(
  options: AuthenticatorOptions,
  credentials: Credentials,
): Promise<Caller> {
  const cookie = credentials.cookies[accessCookie];
  const claims = cookie === undefined ? undefined : await options.accessTokens.verify(cookie);
  const caller = claims && (await callerOfSession(options, credentials, claims));
  if (!caller) return { kind: 'anonymous' };
  requireOwnRequest(credentials, options.platform.config.publicUrl);
  return caller;
}

/** Undefined where the session is over. */
async function callerOfSession(
  { platform }: AuthenticatorOptions,
  credentials: Credentials,
  { userId, sessionId }: AccessClaims,
): Promise<Caller | undefined> {
  const { organizationId } = credentials;
  const access = await findSessionAccess(platform.database, {
    id: sessionId,
    userId,
    organizationId,
  });
  if (!access || access.endedAt || access.expiresAt <= platform.clocks.wall()) return undefined;
  if (access.userStatus !== 'active') throw suspendedUser();
  const { platformRole, platformRolePermissions } = access;
  const platformPermissions = platformPermissionsOf(platformRole, platformRolePermissions);
  const place =
    access.organizationId === null || access.role === null
      ? await placeOfSupport(platform, { sessionId, organizationId, platformPermissions })
      : {
          organizationId: access.organizationId,
          permissions: permissionsOf({
            role: access.role,
            rolePermissions: access.rolePermissions,
          }),
        };
  return {
    kind: 'user',
    userId,
    sessionId,
    ...place,
    platformPermissions,
    refusal: access.rules
      ? judgeSession(access.rules, { ...access, ip: credentials.ip, now: platform.clocks.wall() })
      : undefined,
    signIn: {
      method: access.method,
      hasSecondFactor: access.hasSecondFactor,
      at: access.startedAt,
    },
  };
}

/**
 * Where an operator acts whom the customer has let in. It is looked up for every request: consent that is taken back, a
 * role that is lost, and time that is over count from the next one on.
 * @throws Refusal `not_found`, as for anybody who is no member.
 */
async function placeOfSupport(
  { database, clocks }: Platform,
  asked: {
    sessionId: string;
    organizationId: string | undefined;
    platformPermissions: readonly PlatformPermission[];
  },
): Promise<Pick<UserCaller, 'organizationId' | 'permissions' | 'supportId'>> {
  const { sessionId, organizationId, platformPermissions } = asked;
  if (organizationId === undefined || !platformPermissions.includes('customers.support')) {
    throw notFound('organization');
  }
  const now = clocks.wall();
  const support = await findSupportOf(database, { sessionId, organizationId, now });
  if (!support) throw notFound('organization');
  return {
    organizationId,
    permissions: supportPermissions[support.scope],
    supportId: support.id,
  };
}

async function callerOfKey(
  { platform, keyring }: AuthenticatorOptions,
  credentials: Credentials,
  secret: string,
): Promise<Caller> {
  const key = await keyring.find(secret);
  if (key?.status !== 'active') {
    throw new Refusal('api_key_invalid', 'The API key is unknown or revoked: create another one.');
  }
  if (key.expiresAt && key.expiresAt <= platform.clocks.business()) {
    throw new Refusal('api_key_expired', 'The API key has expired: create another one.');
  }
  if (key.applicationId !== null) {
    throw new Refusal('forbidden', 'This key is for one application only: use another key here.');
  }
  if (!mayUseFrom(key, credentials.ip)) {
    throw new Refusal(
      'ip_not_allowed',
      'This key may not be used from this address: add the address to the key, or call from one of its own.',
    );
  }
  await requireStanding(platform, key);
  const { organizationId: wanted } = credentials;
  if (wanted !== undefined && wanted !== key.organizationId) throw notFound('organization');
  const { apiKeyId, organizationId, userId } = key;
  const holder = await findMembership(platform.database, { organizationId, userId });
  return {
    ...{ kind: 'api_key', apiKeyId, organizationId },
    permissions: holder && !key.callsOnly ? permissionsOf(holder) : [],
  };
}

async function callerOfApplication(keyring: Keyring, secret: string): Promise<Caller> {
  const key = await keyring.findApplicationKey(secret);
  if (key === undefined || key.status === 'revoked') {
    const sentence = 'The application key is unknown or revoked: ask an operator for another one.';
    throw new Refusal('api_key_invalid', sentence);
  }
  if (key.status === 'archived') {
    const sentence = 'The application is archived: ask an operator to make it active again.';
    throw new Refusal('forbidden', sentence);
  }
  const { applicationId, applicationKeyId } = key;
  return { kind: 'application', applicationId, applicationKeyId };
}

function invalidToken(): Refusal {
  return new Refusal(
    'token_invalid',
    'The access token is wrong, old or its session is over: sign in again.',
  );
}

/** The refusal for a person whom an operator has suspended. */
export function suspendedUser(): Refusal {
  return new Refusal('user_suspended', 'This account is suspended: contact support.');
}
