/** Errors in Google's shape, which its SDK throws with their status. https://google.aip.dev/193 */
import type { CallRefusal } from '../call-refusal.ts';
import type { DialectSpeech } from '../dialect.ts';

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const names = new Map<number, string>([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  // No code of Google's means that something must be paid: it has one for what is used up.
  [402, 'RESOURCE_EXHAUSTED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'ABORTED'],
  [413, 'INVALID_ARGUMENT'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

function statusName(status: number): string {
  return names.get(status) ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
}

function errorBody(refusal: CallRefusal): string {
  const { status, message } = refusal;
  const details = detailsOf(refusal);
  return JSON.stringify({ error: { code: status, message, status: statusName(status), details } });
}

/** Our own code, the field that it is about, and how long to wait, each in the form that Google has for it. */
function detailsOf({ code, message, param, retryAfterSeconds }: CallRefusal): object[] {
  const type = (name: string) => ({ '@type': `type.googleapis.com/google.rpc.${name}` });
  const details: object[] = [
    { ...type('ErrorInfo'), reason: code.toUpperCase(), domain: 'gateway' },
  ];
  if (param !== undefined) {
    details.push({
      ...type('BadRequest'),
      fieldViolations: [{ field: param, description: message }],
    });
  }
  if (retryAfterSeconds !== undefined) {
    details.push({ ...type('RetryInfo'), retryDelay: `${retryAfterSeconds}s` });
  }
  return details;
}

export const geminiSpeech: DialectSpeech = {
  statusOf: ({ status }) => status,
  errorBody,
  errorEvent: (refusal) => `data: ${errorBody(refusal)}\n\n`,
  keyHeaders: (apiKey) => ({ 'x-goog-api-key': apiKey }),
};
