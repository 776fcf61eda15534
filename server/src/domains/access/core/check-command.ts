/** Refuses what only a bug could ask for, before it reaches a batch that others share. */
import { invariant } from '../../../platform/errors.ts';
import { nanosMax } from '../../../platform/money.ts';
import type { CallDetails } from '../../metering/index.ts';
import type { AuthorizeCommand, MeterQuantity, ReleaseCommand, SettleCommand } from './commands.ts';

// Ids travel unquoted within arrays, so their alphabet matters.
const requestIdPattern = /^req_[0-9a-hjkmnp-tv-z]{26}$/;
const idPattern = /^[a-z]{3}_[0-9A-Za-z_-]{1,60}$/;
const modelLengthMax = 200;
// Tags are joined by commas.
const tagPattern = /^[A-Za-z0-9_.:=@-]{1,60}$/;
const tagsMax = 10;
const metersMax = 20;

export function checkAuthorize(command: AuthorizeCommand): void {
  checkCall(command);
  checkSubject(command);
  checkAmount(command.worstCase);
  checkAmount(command.minimum);
  checkCount(command.tokens);
  checkMeters(command.meters);
  checkInstant(command.authorizedAt);
  checkInstant(command.expiresAt);
}

export function checkSettle(command: SettleCommand): void {
  checkCall(command);
  checkSubject(command);
  checkAmount(command.amount);
  checkInstant(command.authorizedAt);
  if (command.channel !== null) checkId(command.channel);
  const { usage } = command;
  checkCount(usage.inputTokens);
  checkCount(usage.cachedInputTokens);
  checkCount(usage.cacheWriteTokens);
  checkCount(usage.outputTokens);
  checkCount(usage.reasoningTokens);
  for (const name of partNames) checkCount(usage[name] ?? 0);
  if (command.details) checkDetails(command.details);
  checkDuration(command.latencyMs);
  checkDuration(command.firstTokenMs);
  checkMeters(command.meters);
  invariant(command.tags.length <= tagsMax, 'a call has few tags');
  for (const tag of command.tags) invariant(tagPattern.test(tag), `"${tag}" is a tag`);
}

const partNames = [
  'cacheWrite1hTokens',
  'audioInputTokens',
  'imageInputTokens',
  'audioOutputTokens',
  'imageOutputTokens',
  'searches',
] as const;

function checkDetails({ multiplierMillionths = 0n, costNanos = 0n }: CallDetails): void {
  checkAmount(multiplierMillionths);
  checkAmount(costNanos);
}

export function checkCall(command: ReleaseCommand): void {
  invariant(requestIdPattern.test(command.requestId), 'a request id is one of ours');
  checkId(command.organizationId);
}

interface Subject {
  apiKeyId: string | null;
  userId: string | null;
  applicationId: string | null;
  model: string | null;
  priceId: string | null;
}

function checkSubject(command: Subject): void {
  for (const id of [command.apiKeyId, command.userId, command.applicationId, command.priceId]) {
    if (id !== null) checkId(id);
  }
  const { model } = command;
  if (model === null) return;
  const isText = model.length > 0 && model.length <= modelLengthMax && !model.includes('\0');
  invariant(isText, 'a model has a name that can be stored');
}

function checkId(id: string): void {
  invariant(idPattern.test(id), `"${id}" is an id`);
}

/** Levels go down as well as up. */
function checkMeters(meters: readonly MeterQuantity[]): void {
  invariant(meters.length <= metersMax, 'a call moves few meters');
  invariant(
    new Set(meters.map(({ meterId }) => meterId)).size === meters.length,
    'a call names each meter once',
  );
  for (const { meterId, quantity } of meters) {
    checkId(meterId);
    const size = quantity < 0n ? -quantity : quantity;
    invariant(size <= nanosMax, 'a quantity can be stored');
  }
}

function checkAmount(amount: bigint): void {
  invariant(amount >= 0n && amount <= nanosMax, 'an amount is not negative and can be stored');
}

function checkCount(count: number): void {
  invariant(Number.isSafeInteger(count) && count >= 0, 'a count of tokens is a natural number');
}

const durationMaxMs = 2_147_483_647;

function checkDuration(milliseconds: number | null): void {
  if (milliseconds === null) return;
  const isStorable = Number.isInteger(milliseconds) && milliseconds >= 0;
  invariant(isStorable && milliseconds <= durationMaxMs, 'a duration is whole milliseconds');
}

function checkInstant(instant: Date): void {
  invariant(Number.isFinite(instant.getTime()), 'an instant is a valid date');
}
