/** What every dialect of the upstream does alike: to know its caller, to find the scenario, to write the call down. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../http/exchange.ts';
import type { Call, CallLog } from './call-log.ts';
import { bearerOf } from './keys.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import type { ScenarioBoard } from './scenario-board.ts';

export interface DialectParts {
  key: string;
  log: CallLog;
  board: ScenarioBoard;
}

export const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** A name that begins like this is a model that nobody serves. */
export const UNKNOWN_MODEL_PREFIX = 'no-such-';

export function bearerGiven({ request }: Exchange): string | undefined {
  return bearerOf(request.headers.authorization);
}

/** What bends this call: the board's scenario, under the call's own, under that of its header. */
export function scenarioOf(
  parts: DialectParts,
  exchange: Exchange,
  call: { keyLabel: string; own: Scenario },
): { scenario: Scenario; isBent: boolean } | { message: string } {
  const posted = parts.board.takeFor(call.keyLabel);
  const header = headerOf(exchange, 'x-sandbox-scenario');
  const parsed = parseScenario(header ?? '');
  if (!parsed.ok) return { message: parsed.message };
  const isBent = posted !== undefined || header !== undefined;
  return { scenario: { ...posted, ...call.own, ...parsed.scenario }, isBent };
}

/** Writes down that a call has begun. */
export function beginCall(
  parts: DialectParts,
  exchange: Exchange,
  call: Pick<
    Call,
    'id' | 'dialect' | 'keyLabel' | 'model' | 'stream' | 'promptTokens' | 'completionTokens'
  >,
): Call {
  return parts.log.begin({
    ...call,
    clientRequestId: headerOf(exchange, 'x-request-id') ?? null,
    status: 200,
    tokensSent: 0,
    outcome: 'running',
    startedAt: Date.now(),
    endedAt: null,
  });
}

export function headerOf({ request }: Exchange, name: string): string | undefined {
  const header = request.headers[name];
  return Array.isArray(header) ? header[0] : header;
}

const processPart = randomBytes(8).toString('hex');
let idsGiven = 0;

/** Unique without drawing random bytes for every call. */
export function nextId(prefix: string): string {
  idsGiven += 1;
  return `${prefix}${processPart}${idsGiven.toString(36).padStart(8, '0')}`;
}
