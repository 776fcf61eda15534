/** Three kinds of wrong: a refusal (expected, has a code), an outcome (an outside system's word), a bug (`invariant`). */
import type { Limit } from '@sluice/contract/limits';
import { type RefusalCode, refusals } from '@sluice/contract/refusals';

interface RefusalDetails {
  /** The field of the request that is at fault. */
  param?: string | undefined;
  /** Seconds after which the same request may pass. */
  retryAfterSeconds?: number | undefined;
  /** The limit that refused. */
  limit?: Limit | undefined;
  /** Every problem of a text, where it stands. */
  details?: readonly TextProblem[] | undefined;
}

/** What is wrong with a text, and where; lines and columns from 1. */
export interface TextProblem {
  line: number;
  column: number;
  message: string;
}

/** An expected no: a code of the contract and a sentence that says what to do. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly details: readonly TextProblem[] | undefined;
  readonly limit: Limit | undefined;

  constructor(code: RefusalCode, sentence: string, details: RefusalDetails = {}) {
    super(sentence);
    this.name = 'Refusal';
    this.code = code;
    this.status = refusals[code];
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.details = details.details;
    this.limit = details.limit;
  }
}

/** The refusal for an id that is unknown or belongs to someone else: the two are never told apart. */
export function notFound(what: string, param = 'id'): Refusal {
  return new Refusal(
    'not_found',
    `There is no such ${what} here: check the id and the organization.`,
    { param },
  );
}

/** Throws when a condition that our own code guarantees does not hold: a bug, answered 500. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`);
}
