import type { RefusalCode } from '@sluice/contract/refusals';

/** `unreachable` is ours: no answer came, so nobody refused anything. */
export type ErrorCode = RefusalCode | 'unreachable';

/** What the server said no with, or that it could not be reached. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | undefined;
  readonly requestId: string | undefined;

  constructor(problem: {
    code: ErrorCode;
    message: string;
    status: number;
    param?: string | undefined;
    requestId?: string | undefined;
  }) {
    super(problem.message);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.param = problem.param;
    this.requestId = problem.requestId;
  }
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
