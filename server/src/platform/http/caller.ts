/** Who is calling, as far as HTTP is concerned; identity finds it out, the authorization table judges it. */

import type { IncomingHttpHeaders } from 'node:http';
import type { OrganizationRole, PlatformRole, Rule } from '@sluice/contract/authorization';
import { Refusal } from '../errors.ts';

export interface AnonymousCaller {
  kind: 'anonymous';
}

export interface UserCaller {
  kind: 'user';
  userId: string;
  /** The acting organization, and the person's role in it. */
  organizationId: string;
  role: OrganizationRole;
  platformRole: 'user' | PlatformRole;
  sessionId: string;
}

export interface ApiKeyCaller {
  kind: 'api_key';
  apiKeyId: string;
  organizationId: string;
}

export type Caller = AnonymousCaller | UserCaller | ApiKeyCaller;

/** What authentication looks at. */
export interface Credentials {
  method: string;
  headers: IncomingHttpHeaders;
  cookies: Record<string, string | undefined>;
}

/**
 * Finds out who calls; without any credentials it is anonymous.
 * @throws Refusal `token_invalid`, `api_key_invalid`, … where credentials are given and wrong.
 */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/** Judges a caller by the operation's rule. */
export function isAllowed(rule: Rule, caller: Caller): boolean {
  if (rule.anyone) return true;
  if (caller.kind === 'anonymous') return false;
  if (caller.kind === 'api_key') return rule.apiKey;
  if (rule.person || rule.roles.includes(caller.role)) return true;
  return caller.platformRole !== 'user' && rule.platform.includes(caller.platformRole);
}

/**
 * Lets the caller pass or refuses.
 * @throws Refusal `unauthenticated` or `forbidden`.
 */
export function requireAllowed(rule: Rule, caller: Caller): void {
  if (isAllowed(rule, caller)) return;
  if (caller.kind === 'anonymous') {
    throw new Refusal(
      'unauthenticated',
      'Sign in, or send an API key as "Authorization: Bearer sk-…".',
    );
  }
  const who = caller.kind === 'api_key' ? 'An API key' : 'Your role';
  throw new Refusal('forbidden', `${who} may not do this: ask someone whose role allows it.`);
}
