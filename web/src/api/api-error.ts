import type { ErrorBody } from '@sluice/contract/conventions';
import type { RefusalCode } from '@sluice/contract/refusals';

/** `unreachable` is ours: no answer came, so nobody refused anything. */
export type ErrorCode = RefusalCode | 'unreachable';

export type TextProblem = NonNullable<ErrorBody['error']['details']>[number];

/** What the server said no with, or that it could not be reached. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
  /** Every problem of a text that was refused, where it stands. */
  readonly details: readonly TextProblem[];

  constructor(problem: {
    code: ErrorCode;
    message: string;
    status: number;
    param?: string | undefined;
    requestId?: string | undefined;
    details?: readonly TextProblem[] | undefined;
  }) {
    super(problem.message);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.param = problem.param;
    this.requestId = problem.requestId;
    this.details = problem.details ?? [];
  }
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
