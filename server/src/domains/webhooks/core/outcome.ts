/** What one try of sending came to. */

export type OutcomeKind =
  | 'delivered'
  | 'refused'
  | 'redirected'
  | 'timed_out'
  | 'unreachable'
  | 'not_allowed';

export interface SendOutcome {
  kind: OutcomeKind;
  responseStatus: number | null;
  /** How the answer began, as text that can be stored. */
  excerpt: string | null;
  /** What went wrong, where nothing answered. */
  error: string | null;
}

const excerptCharsMax = 1000;
const errorCharsMax = 300;
/** The receiver says that the address is no longer there, and asks not to be sent anything more. */
const goneStatus = 410;

/** Only 2xx means that it was taken; whoever redirects is asked to give the new address instead. */
export function outcomeOfAnswer(responseStatus: number, body: Buffer): SendOutcome {
  const kind =
    responseStatus >= 200 && responseStatus < 300
      ? 'delivered'
      : responseStatus >= 300 && responseStatus < 400
        ? 'redirected'
        : 'refused';
  return { kind, responseStatus, excerpt: excerptOf(body), error: null };
}

export function outcomeOfFailure(
  kind: 'timed_out' | 'unreachable' | 'not_allowed',
  error: string,
): SendOutcome {
  return { kind, responseStatus: null, excerpt: null, error: error.slice(0, errorCharsMax) };
}

export function saysGone({ responseStatus }: SendOutcome): boolean {
  return responseStatus === goneStatus;
}

/** Text that a database takes and a page shows: whatever is no character is replaced. */
function excerptOf(body: Buffer): string {
  const text = body.toString('utf8').toWellFormed();
  return text
    .replace(/(?![\t\n\r])\p{Cc}/gu, '\ufffd')
    .slice(0, excerptCharsMax)
    .toWellFormed();
}
