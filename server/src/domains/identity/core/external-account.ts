/**
 * Whose account a provider's word opens. A mail address alone never takes an account over: it must be verified, and of
 * the organization's own proven domains where its provider speaks; an operator's account, and one that another person
 * at the provider holds already, is joined by its owner only, from within.
 */
import { normalizeEmail } from './people.ts';

export interface Claim {
  /** As the provider writes it. */
  email: string | null;
  isEmailVerified: boolean;
  /** Whose provider it is; null: the deployment's. */
  organizationId: string | null;
  /** Which organization has proven the address's domain. */
  domainOwner: string | undefined;
}

export interface FoundAccount {
  id: string;
  isOperator: boolean;
  /** Of somebody else at this provider. */
  isTaken: boolean;
}

export type ClaimProblem = 'no_email' | 'foreign_email' | 'unverified_email';

export type AccountDecision =
  | { kind: 'create' }
  | { kind: 'join'; userId: string }
  | { kind: 'refused'; reason: 'operator' | 'taken' };

const emailForm = /^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>".]+$/;

/** The address as accounts have it; undefined for what is none. */
export function emailOf(text: string | null): string | undefined {
  const email = normalizeEmail(text ?? '');
  return email.length <= 254 && emailForm.test(email) ? email : undefined;
}

/** As accounts have names: without signs that steer a terminal, and not too long. */
export function nameOf(text: string | null): string | null {
  const clean = (text ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 100);
  return clean === '' ? null : clean;
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** What keeps an address from being believed; undefined when nothing does. */
export function findClaimProblem(claim: Claim): ClaimProblem | undefined {
  if (emailOf(claim.email) === undefined) return 'no_email';
  if (claim.organizationId !== null) {
    return claim.domainOwner === claim.organizationId ? undefined : 'foreign_email';
  }
  return claim.isEmailVerified ? undefined : 'unverified_email';
}

/** For somebody whom the provider has not brought before, once the address is believed. */
export function decideAccount(account: FoundAccount | undefined): AccountDecision {
  if (!account) return { kind: 'create' };
  if (account.isOperator) return { kind: 'refused', reason: 'operator' };
  if (account.isTaken) return { kind: 'refused', reason: 'taken' };
  return { kind: 'join', userId: account.id };
}
