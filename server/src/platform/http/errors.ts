/** Turns whatever a handler threw into the contract's error body. */
import type { ErrorBody } from '@sluice/contract/conventions';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodError, z } from 'zod';
import { Refusal } from '../errors.ts';

/** Answers an error; bugs are logged and answered without their details. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = toRefusal(error);
  if (refusal.status >= 500) {
    request.log.error({ err: error, requestId: request.id }, 'a request failed');
  }
  if (refusal.retryAfterSeconds !== undefined)
    reply.header('retry-after', refusal.retryAfterSeconds);
  reply.code(refusal.status).send(errorBody(refusal, request.id));
}

export function errorBody(refusal: Refusal, requestId: string): ErrorBody {
  const { retryAfterSeconds } = refusal;
  return {
    error: {
      code: refusal.code,
      message: refusal.message,
      ...(refusal.param === undefined ? {} : { param: refusal.param }),
      ...(refusal.details === undefined ? {} : { details: [...refusal.details] }),
      request_id: requestId,
      ...(refusal.limit === undefined ? {} : { limit: refusal.limit }),
      ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    },
  };
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Refusal('body_too_large', 'The body is too large: send less at once.');
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Refusal(
      'unsupported_media_type',
      'Send the body as "Content-Type: application/json".',
    );
  }
  if (statusCode === 400 || code?.startsWith('FST_ERR_CTP')) {
    return new Refusal('malformed', 'The body is no valid JSON: check it and send it again.');
  }
  return new Refusal(
    'internal',
    'Something went wrong here; nothing was half done. Try again, or report the request id.',
  );
}

/**
 * Parses a part of a request, refusing with the first thing that is wrong with it.
 * @throws Refusal `malformed` naming the field.
 */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { param, sentence } = explain(result.error);
  throw new Refusal('malformed', sentence, { param });
}

function explain(error: ZodError): { param: string | undefined; sentence: string } {
  const issue = mostSpecific(error);
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [field = ''] = issue.keys;
    const param = [...path, field].join('.');
    return {
      param,
      sentence: `"${param}" is no field of this request: leave it out or correct its name.`,
    };
  }
  const param = path.length > 0 ? path.join('.') : undefined;
  const subject = param === undefined ? 'The request' : `"${param}"`;
  if (issue.code === 'invalid_type' && issue.input === undefined && param !== undefined) {
    return { param, sentence: `${subject} is missing: add it.` };
  }
  const message = issue.message.replace(/\.$/, '');
  return { param, sentence: `${subject} is not right: ${message}.` };
}

type Issue = ZodError['issues'][number];

/** Of a union's branches, the one that came furthest tells the person most. */
function mostSpecific(error: ZodError): Issue {
  let issue = error.issues[0] as Issue;
  while (issue.code === 'invalid_union') {
    const branches = issue.errors.flat();
    const deepest = branches.reduce<(typeof branches)[number] | undefined>(
      (best, branch) =>
        best === undefined || branch.path.length > best.path.length ? branch : best,
      undefined,
    );
    if (deepest === undefined) break;
    issue = { ...deepest, path: [...issue.path, ...deepest.path] } as Issue;
  }
  return issue;
}
