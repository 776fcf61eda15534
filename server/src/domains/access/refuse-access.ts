/** What an application is told when a call may not be made: which limit, and when to come back. */
import type { Limit } from '@sluice/contract/limits';
import { Refusal } from '../../platform/errors.ts';
import { formatMoney } from '../../platform/money.ts';
import type { Meter } from '../catalog/index.ts';
import type { AuthorizeAnswer, QuotaState } from './core/commands.ts';
import { presentQuotaState } from './present-limit.ts';

type Refused = Extract<AuthorizeAnswer, { permitted: false }>;

export interface RefusalContext {
  meterOf(id: string): Meter;
  /** The meters of the call. */
  meterIds: readonly string[];
  /** Business time: quotas reset by it. */
  now: Date;
  usageCurrency: string;
}

export function refuseAccess(answer: Refused, context: RefusalContext): Refusal {
  switch (answer.code) {
    case 'request_closed':
      return new Refusal(
        'request_closed',
        'This request id was settled or released: use a new one for new work.',
        { param: 'request_id' },
      );
    case 'insufficient_funds': {
      const left = formatMoney({ amount: answer.available, currency: context.usageCurrency });
      return new Refusal(
        'insufficient_funds',
        `The organization has ${left} ${context.usageCurrency} left, which does not cover the worst case: top up, or estimate less.`,
      );
    }
    case 'quota_required': {
      const guarded = context.meterIds
        .map(context.meterOf)
        .filter(({ requiresQuota }) => requiresQuota)
        .map(({ reference }) => reference);
      return new Refusal(
        'quota_required',
        `The organization's plan includes no ${guarded.join(' or no ')}: choose a plan or package that does.`,
      );
    }
    default:
      return refuseQuota(answer.code, answer.quota, context);
  }
}

function refuseQuota(
  code: 'quota_exceeded' | 'spend_cap_exceeded',
  state: QuotaState,
  { meterOf, now }: RefusalContext,
): Refusal {
  const limit = presentQuotaState(state, meterOf(state.meterId));
  const what =
    code === 'spend_cap_exceeded'
      ? `${whose[state.subjectKind]} spend cap of ${limit.limit}${per(limit)}`
      : `The quota of ${limit.limit} ${limit.meter}${per(limit)}`;
  const reserved = state.reserved > 0n ? ` and ${limit.reserved} reserved by work in flight` : '';
  return new Refusal(code, `${what} has ${limit.used} used${reserved}: ${advice(limit, code)}.`, {
    limit,
    retryAfterSeconds: secondsUntil(state.resetsAt, now),
  });
}

function per({ window }: Limit): string {
  return window === undefined || window === 'lifetime' ? '' : ` per ${window}`;
}

const whose = {
  organization: "The organization's",
  api_key: "This key's",
  member: "This member's",
  cost_center: "This cost center's",
};

function advice({ resets_at, subject }: Limit, code: string): string {
  const raise = whoRaises(subject.kind, code);
  return resets_at === null ? `${raise} to go on` : `come back at ${resets_at}, or ${raise}`;
}

/** Nobody raises the cap of their own spending, unless they set that of others, too. */
function whoRaises(kind: Limit['subject']['kind'], code: string): string {
  const isSetForOthers = kind === 'member' || kind === 'cost_center';
  if (code === 'quota_exceeded' || !isSetForOthers) return 'raise it';
  return "ask one of the organization's admins to raise it";
}

/** Whole seconds, so that whoever waits for them finds the window open. */
export function secondsUntil(at: Date | null, now: Date): number | undefined {
  if (at === null) return undefined;
  return Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 1000));
}
