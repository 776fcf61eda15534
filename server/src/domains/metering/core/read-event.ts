/**
 * One reported event, judged by itself. A batch has a thousand of them: the fields are looked at by hand, because a
 * schema of all would take a quarter of the time that the database takes.
 */
import { InstantInput } from '@sluice/contract/conventions';
import type { MeterUnit } from '@sluice/contract/meters';
import { QuantityInput } from '@sluice/contract/meters';
import { parseQuantity, quantityAdvice } from '../../../platform/quantity.ts';
import type { Meter } from '../../catalog/index.ts';
import type { Usage } from './usage.ts';

export interface Problem {
  code: string;
  message: string;
}

export interface NamedSubject {
  organization?: string;
  external_id?: string;
  user?: string;
  api_key?: string;
}

interface Reported {
  id: string;
  at: Date;
  subject: NamedSubject | undefined;
  application: string | undefined;
  tags: string[];
}

/** A quantity of a meter. */
export interface MeterEvent extends Reported {
  kind: 'meter';
  meter: Meter;
  quantity: bigint;
  /** Of the property whose distinct values are counted. */
  value: string | null;
  properties: string | null;
  corrects: string | null;
}

/** A call of a model, made elsewhere. */
export interface ModelEvent extends Reported {
  kind: 'model';
  model: string;
  usage: Usage;
}

export interface EventRules {
  now: Date;
  lateDays: number;
  /** What the reporter calls so. */
  findMeter(name: string, application: string | undefined): Meter | undefined;
}

const dayMs = 86_400_000;
const futureMs = 300_000;
const printable = /^[\x21-\x7e]{1,200}$/;
const tagForm = /^[A-Za-z0-9_.:=@-]{1,60}$/;
/** On one call or event, those of its key among them. */
export const tagsMax = 10;
const fields = new Set(
  'id time subject application meter quantity model usage tags properties corrects'.split(' '),
);
/** So that many fit the sum of one hour. */
const quantityMax = 10n ** 18n - 1n;

/** Reads one event of a batch, or says what to do about it. */
export function readEvent(
  raw: unknown,
  rules: EventRules,
): { event: MeterEvent | ModelEvent } | { problem: Problem } {
  try {
    return { event: read(raw, rules) };
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.problem };
    throw error;
  }
}

/** Leaves the reading of one event; never leaves this file. */
class Unfit extends Error {
  readonly problem: Problem;
  constructor(code: string, message: string) {
    super(message);
    this.problem = { code, message };
  }
}

function read(raw: unknown, rules: EventRules): MeterEvent | ModelEvent {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new Unfit('rule_violated', 'Send each event as an object.');
  }
  const event = raw as Record<string, unknown>;
  for (const field of Object.keys(event)) {
    if (!fields.has(field)) {
      throw new Unfit('rule_violated', `Leave out ${shown(field)}: an event has no such field.`);
    }
  }
  const reported: Reported = {
    id: readName(event.id, 'id'),
    at: readTime(event.time, rules),
    subject: readSubject(event.subject),
    application:
      event.application === undefined ? undefined : readName(event.application, 'application'),
    tags: readTags(event.tags),
  };
  const hasModel = event.model !== undefined;
  if (hasModel === (event.meter !== undefined)) {
    throw new Unfit('rule_violated', 'Name either a meter, or a model with its usage.');
  }
  return hasModel ? readModelEvent(event, reported) : readMeterEvent(event, reported, rules);
}

function readMeterEvent(
  event: Record<string, unknown>,
  reported: Reported,
  { findMeter }: EventRules,
): MeterEvent {
  const name = readName(event.meter, 'meter');
  if (event.usage !== undefined) {
    throw new Unfit('rule_violated', 'Send quantity with a meter; usage belongs to a model.');
  }
  const meter = findMeter(name, reported.application);
  if (meter?.status !== 'active') {
    const advice = 'name one that is defined, such as "analyses" or "medical.analyses"';
    throw new Unfit('meter_unknown', `There is no meter ${shown(name)}: ${advice}.`);
  }
  const properties = readProperties(event.properties);
  return {
    ...reported,
    kind: 'meter',
    meter,
    quantity: readQuantity(event.quantity, meter),
    value: meter.property === null ? null : readValue(event.properties, meter.property),
    properties,
    corrects: event.corrects === undefined ? null : readName(event.corrects, 'corrects'),
  };
}

function readModelEvent(event: Record<string, unknown>, reported: Reported): ModelEvent {
  if (event.quantity !== undefined) {
    throw new Unfit('rule_violated', 'Send usage with a model; quantity belongs to a meter.');
  }
  if (event.corrects !== undefined) {
    throw new Unfit(
      'rule_violated',
      'A call of a model was paid and stands: report only meters anew.',
    );
  }
  return {
    ...reported,
    kind: 'model',
    model: readName(event.model, 'model'),
    usage: readUsage(event.usage),
  };
}

function readName(value: unknown, field: string): string {
  if (typeof value === 'string' && printable.test(value)) return value;
  const form = '1 to 200 printable ASCII characters without spaces';
  throw new Unfit('rule_violated', `Write ${field} as a string of ${form}.`);
}

function readTime(value: unknown, { now, lateDays }: EventRules): Date {
  if (value === undefined) return now;
  const text = InstantInput.safeParse(value);
  if (!text.success) {
    throw new Unfit('rule_violated', 'Write time as RFC 3339, such as "2026-01-31T08:00:00Z".');
  }
  const at = new Date(text.data);
  if (at.getTime() > now.getTime() + futureMs) {
    throw new Unfit('rule_violated', 'Send the event when it has happened: its time is to come.');
  }
  if (at.getTime() < now.getTime() - lateDays * dayMs) {
    const message = `Events are taken for ${lateDays} days: this one happened before. Report it to the operator.`;
    throw new Unfit('event_too_late', message);
  }
  return at;
}

const subjectFields = new Set(['organization', 'external_id', 'user', 'api_key']);

function readSubject(value: unknown): NamedSubject | undefined {
  if (value === undefined) return undefined;
  const fail = () =>
    new Unfit(
      'subject_unknown',
      'Name the subject by one of api_key, organization, external_id and user; a user may be named with an organization.',
    );
  if (typeof value !== 'object' || value === null) throw fail();
  const named = value as Record<string, unknown>;
  const keys = Object.keys(named).filter((key) => named[key] !== undefined);
  for (const key of keys) {
    if (!subjectFields.has(key)) throw fail();
    readName(named[key], `subject.${key}`);
  }
  const isPair = keys.length === 2 && named.user !== undefined && named.organization !== undefined;
  if (keys.length !== 1 && !isPair) throw fail();
  return named as NamedSubject;
}

function readTags(value: unknown): string[] {
  if (value === undefined) return [];
  const isList = Array.isArray(value) && value.length <= tagsMax;
  if (!isList || !value.every((tag) => typeof tag === 'string' && tagForm.test(tag))) {
    throw new Unfit('rule_violated', `Send at most ${tagsMax} tags, written as team:research.`);
  }
  return [...new Set(value as string[])].sort();
}

const oneOf: Partial<Record<MeterUnit, bigint>> = { gb: 10n ** 9n, money: 10n ** 9n };

function readQuantity(value: unknown, meter: Meter): bigint {
  const { aggregation, unit, kind } = meter;
  const one = oneOf[unit] ?? 1n;
  if (value === undefined) {
    if (aggregation === 'count' || aggregation === 'unique') return 1n;
    if (aggregation === 'sum' && kind === 'flow') return one;
    throw new Unfit('rule_violated', `Send quantity: ${meter.reference} takes the amount itself.`);
  }
  const text = QuantityInput.safeParse(value);
  if (!text.success) {
    const reason = text.error.issues[0]?.message ?? 'Write the quantity as a plain decimal.';
    throw new Unfit('rule_violated', reason);
  }
  // Whatever an event says, it is one.
  if (aggregation === 'count' || aggregation === 'unique') return 1n;
  const quantity = parseQuantity(text.data, unit);
  if (quantity === undefined || quantity > quantityMax || quantity < -quantityMax) {
    throw new Unfit('rule_violated', quantityAdvice(unit));
  }
  const mayFall = kind === 'level' && (aggregation === 'sum' || aggregation === 'weighted_sum');
  if (quantity < 0n && !mayFall) {
    throw new Unfit(
      'rule_violated',
      `Send a quantity of zero or more: ${meter.reference} only grows.`,
    );
  }
  return quantity;
}

/** What PostgreSQL takes in no text: NUL, and halves of a surrogate pair. */
const unstorable = /\\u(0000|d[89a-f])/i;
const propertiesLengthMax = 4096;

function readProperties(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Unfit('rule_violated', 'Send properties as an object.');
  }
  const text = JSON.stringify(value);
  if (text.length > propertiesLengthMax || unstorable.test(text)) {
    throw new Unfit(
      'rule_violated',
      `Keep properties within ${propertiesLengthMax} characters of plain text.`,
    );
  }
  return text;
}

const valueLengthMax = 500;

function readValue(properties: unknown, property: string): string {
  const value = (properties as Record<string, unknown> | null | undefined)?.[property];
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  const text = String(value);
  if (isPlain && text !== '' && text.length <= valueLengthMax) return text;
  const where = `properties.${property}`;
  throw new Unfit('rule_violated', `Send ${where}: its distinct values are what is counted.`);
}

const tokensMax = 1_000_000_000;

function readUsage(value: unknown): Usage {
  const named = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const count = (field: string, initial?: number): number => {
    const tokens = named[field] === undefined ? initial : named[field];
    if (
      typeof tokens === 'number' &&
      Number.isInteger(tokens) &&
      tokens >= 0 &&
      tokens <= tokensMax
    ) {
      return tokens;
    }
    throw new Unfit('rule_violated', `Send usage.${field} as a whole number of tokens.`);
  };
  const usage = {
    inputTokens: count('input_tokens'),
    outputTokens: count('output_tokens'),
    cachedInputTokens: count('cached_input_tokens', 0),
    cacheWriteTokens: count('cache_write_tokens', 0),
    reasoningTokens: count('reasoning_tokens', 0),
    estimated: false,
  };
  if (
    usage.cachedInputTokens + usage.cacheWriteTokens > usage.inputTokens ||
    usage.reasoningTokens > usage.outputTokens
  ) {
    const rule = 'input_tokens includes cached ones, output_tokens those of reasoning';
    throw new Unfit('rule_violated', `Send the whole and its parts: ${rule}.`);
  }
  return usage;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}
