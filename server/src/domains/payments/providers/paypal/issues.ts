/** Why PayPal says no: the names in its error answers, and what they are in our words. */
import { z } from 'zod';
import type { DeclineCode } from '../../core/declines.ts';
import type { ApiAnswer } from './client.ts';

const ErrorAnswer = z.object({
  name: z.string().optional(),
  details: z.array(z.object({ issue: z.string().optional() })).optional(),
});

/** The names of what is wrong, the most telling first. */
export function issuesOf(answer: ApiAnswer): string[] {
  const { data } = ErrorAnswer.safeParse(answer.json);
  const issues = data?.details?.map(({ issue }) => issue) ?? [];
  return [...issues, data?.name].filter((issue) => issue !== undefined);
}

const declines: Readonly<Record<string, DeclineCode>> = {
  INSTRUMENT_DECLINED: 'card_declined',
  PAYMENT_SOURCE_DECLINED_BY_PROCESSOR: 'card_declined',
  PAYER_CANNOT_PAY: 'card_declined',
  PAYMENT_DENIED: 'card_declined',
  REFERENCED_CARD_EXPIRED: 'expired_method',
  CARD_EXPIRED: 'expired_method',
  PAYER_ACTION_REQUIRED: 'action_required',
  REDIRECT_PAYER_FOR_ALTERNATE_FUNDING: 'action_required',
  PAYMENT_SOURCE_CANNOT_BE_USED: 'method_unusable',
  PAYER_ACCOUNT_LOCKED_OR_CLOSED: 'method_unusable',
  PAYER_ACCOUNT_RESTRICTED: 'method_unusable',
  MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE: 'method_unusable',
  TOKEN_ID_NOT_FOUND: 'method_unusable',
  TOKEN_EXPIRED: 'method_unusable',
  TRANSACTION_LIMIT_EXCEEDED: 'limit_exceeded',
  TRANSACTION_RECEIVING_LIMIT_EXCEEDED: 'limit_exceeded',
  TRANSACTION_REFUSED: 'suspected_fraud',
  TRANSACTION_BLOCKED_BY_PAYEE: 'suspected_fraud',
  PAYEE_BLOCKED_TRANSACTION: 'suspected_fraud',
  COMPLIANCE_VIOLATION: 'suspected_fraud',
  CURRENCY_NOT_SUPPORTED_FOR_COUNTRY: 'currency_unsupported',
  INVALID_CURRENCY_CODE: 'currency_unsupported',
  PAYEE_ACCOUNT_LOCKED_OR_CLOSED: 'provider_error',
  PAYEE_ACCOUNT_RESTRICTED: 'provider_error',
};

/** The decline that an error answer means; undefined where none of its names is one. */
export function declineIn(issues: readonly string[]): DeclineCode | undefined {
  return issues.map((issue) => declines[issue]).find((code) => code !== undefined);
}
