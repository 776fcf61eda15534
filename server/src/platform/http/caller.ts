/** Who is calling, as far as HTTP is concerned; identity finds it out, the authorization table judges it. */

import type { IncomingHttpHeaders } from 'node:http';
import { allowsPerson, type Rule } from '@sluice/contract/authorization';
import type { SignInMethod } from '@sluice/contract/organization-settings';
import type { Permission, PlatformPermission } from '@sluice/contract/permissions';
import { Refusal } from '../errors.ts';

export interface AnonymousCaller {
  kind: 'anonymous';
}

export interface UserCaller {
  kind: 'user';
  userId: string;
  /** The acting organization, and what the person's role in it holds. */
  organizationId: string;
  permissions: readonly Permission[];
  /** What the person's role on the deployment holds; nothing for a customer. */
  platformPermissions: readonly PlatformPermission[];
  sessionId: string;
  /** The support session under which an operator acts here, who is no member. */
  supportId?: string;
  /** How and when the session began, in wall time. */
  signIn: { method: SignInMethod; hasSecondFactor: boolean; at: Date };
  /** Why the acting organization does not let this session in, for all that a role in it would allow. */
  refusal?: Refusal | undefined;
}

export interface ApiKeyCaller {
  kind: 'api_key';
  apiKeyId: string;
  organizationId: string;
  /** Of whoever holds it, as of now; none where they belong to the organization no more. */
  permissions: readonly Permission[];
}

/** An application's own service; whose use it is, each request says itself. */
export interface ApplicationCaller {
  kind: 'application';
  applicationId: string;
  applicationKeyId: string;
}

export type Caller = AnonymousCaller | UserCaller | ApiKeyCaller | ApplicationCaller;

/** What authentication looks at. */
export interface Credentials {
  method: string;
  headers: IncomingHttpHeaders;
  /** The organization that the caller wants to act in; undefined: their own. */
  organizationId: string | undefined;
  cookies: Record<string, string | undefined>;
  /** Of the client, behind trusted proxies too. */
  ip: string;
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
  if (caller.kind === 'api_key') return rule.apiKey && allowsHolder(rule, caller);
  if (caller.kind === 'application') return rule.application;
  return allowsPerson(rule, caller);
}

/** A key reads no more than its holder may: nobody gets around their role by making one. */
function allowsHolder({ permission }: Rule, { permissions }: ApiKeyCaller): boolean {
  return permission === undefined || permissions.includes(permission);
}

/**
 * Lets the caller pass or refuses.
 * @throws Refusal `unauthenticated`, `forbidden`, or what the acting organization asks of sessions.
 */
export function requireAllowed(rule: Rule, caller: Caller): void {
  if (isAllowed(rule, caller)) {
    requireWelcome(rule, caller);
    return;
  }
  if (caller.kind === 'anonymous') {
    throw new Refusal(
      'unauthenticated',
      'Sign in, or send an API key as "Authorization: Bearer sk-…".',
    );
  }
  throw new Refusal('forbidden', sentenceFor(rule, caller.kind));
}

/** What a person may do without the organization, they may do in whatever session. */
function requireWelcome(rule: Rule, caller: Caller): void {
  if (caller.kind !== 'user' || !caller.refusal) return;
  if (!allowsPerson(rule, { ...caller, permissions: [] })) throw caller.refusal;
}

function sentenceFor(rule: Rule, kind: Exclude<Caller['kind'], 'anonymous'>): string {
  if (rule.application) return 'Only an application may do this: send its key (ak-…).';
  if (rule.apiKey && kind === 'api_key') {
    return 'The role of whoever holds this key does not allow it: let somebody hold it whose role does.';
  }
  const who = { user: 'Your role', api_key: 'An API key', application: "An application's key" }[
    kind
  ];
  return `${who} may not do this: ask someone whose role allows it.`;
}
