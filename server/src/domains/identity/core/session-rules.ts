/** What an organization asks of a session, and what it is refused for. */
import type { signInMethods } from '@sluice/contract/organization-settings';
import { Refusal } from '../../../platform/errors.ts';
import { mayUseFrom } from './ip-allowlist.ts';
import type { SignInMethod } from './people.ts';

export interface SecurityRules {
  requireSecondFactor: boolean;
  /** Null: any. */
  signInMethods: readonly (typeof signInMethods)[number][] | null;
  /** Since it began; null: to its end. */
  sessionHours: number | null;
  /** Null: from anywhere. */
  ipAllowlist: string[] | null;
}

export const noRules: SecurityRules = {
  requireSecondFactor: false,
  signInMethods: null,
  sessionHours: null,
  ipAllowlist: null,
};

export interface SessionShown {
  method: SignInMethod;
  hasSecondFactor: boolean;
  startedAt: Date;
  ip: string | null;
  now: Date;
}

const hourMs = 3_600_000;

/** The refusal of a session that does not do; a guest's comes with the word of the application that let them in. */
export function judgeSession(rules: SecurityRules, session: SessionShown): Refusal | undefined {
  if (session.method === 'portal_link') return undefined;
  if (!mayUseFrom(rules, session.ip)) {
    return new Refusal(
      'ip_not_allowed',
      'This organization lets its members in from certain addresses only: come from one of them, or ask its owners.',
    );
  }
  if (rules.signInMethods && !rules.signInMethods.includes(session.method)) {
    const ways = rules.signInMethods.join(', ');
    return new Refusal(
      'sign_in_method_not_allowed',
      `This organization takes other ways to sign in: sign out, then in again by ${ways}.`,
    );
  }
  if (rules.requireSecondFactor && !session.hasSecondFactor) {
    return new Refusal(
      'second_factor_required',
      'This organization asks for a second factor: set one up in your account, then sign in again with it.',
    );
  }
  const ageMs = session.now.getTime() - session.startedAt.getTime();
  if (rules.sessionHours !== null && ageMs >= rules.sessionHours * hourMs) {
    return new Refusal(
      'session_too_old',
      `This organization asks its members to sign in every ${rules.sessionHours} hours: sign in again.`,
    );
  }
  return undefined;
}
