/** What an application says it will use, or used, as smallest parts of meters and as tokens. Pure. */
import { Refusal } from '../../platform/errors.ts';
import { nanosMax } from '../../platform/money.ts';
import { parseQuantity, quantityAdvice } from '../../platform/quantity.ts';
import { costMeterId, type Meter, type MeterBook, type ModelPrice } from '../catalog/index.ts';
import { type Usage, worstCase } from '../metering/index.ts';
import type { MeterQuantity } from './core/commands.ts';

/** As it came: the contract has checked the form of each name and quantity. */
export type Quantities = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Estimate {
  /** Nano-units of the usage currency. */
  worstCase: bigint;
  tokens: number;
  meters: MeterQuantity[];
}

/** What could be read, or why not. */
export type Reading<T> = { value: T } | { refusal: Refusal };

/** The most that a call of a model takes: its input and output, and what they cost. */
export function readTokenEstimate(
  estimate: Quantities,
  price: ModelPrice,
  multiplierMillionths: bigint,
): Reading<Estimate> {
  const stranger = Object.keys(estimate).find(
    (key) => key !== 'input_tokens' && key !== 'max_output_tokens',
  );
  if (stranger !== undefined) {
    const sentence = `A call of a model is estimated by input_tokens and max_output_tokens: leave "${stranger}" out, or leave the model out.`;
    return refuse('rule_violated', sentence, `estimate.${stranger}`);
  }
  // Whatever is no natural number was taken for quantities of meters.
  const unfit = Object.keys(estimate).find((key) => typeof estimate[key] !== 'number');
  if (unfit !== undefined) {
    const sentence = 'Write tokens as a whole number, 0 or more.';
    return refuse('rule_violated', sentence, `estimate.${unfit}`);
  }
  const input = estimate.input_tokens ?? price.contextWindow;
  if (input === null) {
    const sentence = `Name the most input tokens: the price book knows no context window of "${price.model}".`;
    return refuse('rule_violated', sentence, 'estimate.input_tokens');
  }
  const output = estimate.max_output_tokens ?? price.maxOutputTokens;
  if (output === null) {
    const sentence = `Name the most output tokens: the price book knows no maximum of "${price.model}".`;
    return refuse('rule_violated', sentence, 'estimate.max_output_tokens');
  }
  const bounds = { inputBytes: Number(input), maxOutputTokens: Number(output), n: 1 };
  const most = worstCase(price, { ...bounds, multiplierMillionths });
  if (most > nanosMax) {
    return refuse('rule_violated', 'Estimate fewer tokens: these cost too much.', 'estimate');
  }
  const tokens = bounds.inputBytes + bounds.maxOutputTokens;
  return { value: { worstCase: most, tokens, meters: [] } };
}

/** What each meter takes at most. */
export function readMeterEstimate(
  estimate: Quantities,
  meters: MeterBook,
  applicationId: string,
): Reading<Estimate> {
  const reading = readMeters(estimate, { meters, applicationId, field: 'estimate' });
  if ('refusal' in reading) return reading;
  for (const [index, { quantity }] of reading.value.entries()) {
    if (quantity >= 0n) continue;
    const field = `estimate.${Object.keys(estimate)[index]}`;
    const sentence =
      'What is given back needs no permission: estimate 0 or more, and settle what it was.';
    return refuse('rule_violated', sentence, field);
  }
  return { value: { worstCase: 0n, tokens: 0, meters: reading.value } };
}

/** What was used of each meter. */
export function readMeterUsage(
  usage: Quantities,
  meters: MeterBook,
  applicationId: string,
): Reading<MeterQuantity[]> {
  return readMeters(usage, { meters, applicationId, field: 'usage' });
}

/** What a call of a model used. */
export function readTokenUsage(usage: Quantities): Reading<Usage> {
  if (typeof usage.input_tokens !== 'number' || typeof usage.output_tokens !== 'number') {
    const sentence =
      'This was a call of a model: settle it with its input_tokens and output_tokens.';
    return refuse('rule_violated', sentence, 'usage');
  }
  return {
    value: {
      inputTokens: usage.input_tokens,
      cachedInputTokens: Number(usage.cached_input_tokens ?? 0),
      cacheWriteTokens: Number(usage.cache_write_tokens ?? 0),
      outputTokens: usage.output_tokens,
      reasoningTokens: Number(usage.reasoning_tokens ?? 0),
      estimated: usage.estimated === true,
    },
  };
}

export const noUsage: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

interface MeterContext {
  meters: MeterBook;
  applicationId: string;
  field: string;
}

function readMeters(quantities: Quantities, context: MeterContext): Reading<MeterQuantity[]> {
  const read: MeterQuantity[] = [];
  for (const [name, text] of Object.entries(quantities)) {
    const reading = readMeter(name, String(text), context);
    if ('refusal' in reading) return reading;
    if (read.some(({ meterId }) => meterId === reading.value.meterId)) {
      const sentence = `"${name}" is named twice: add its quantities up.`;
      return refuse('rule_violated', sentence, `${context.field}.${name}`);
    }
    read.push(reading.value);
  }
  if (read.length > 0) return { value: read };
  const sentence = 'Name a model, or the quantity of at least one meter.';
  return refuse('rule_violated', sentence, context.field);
}

function readMeter(
  name: string,
  text: string,
  { meters, applicationId, field }: MeterContext,
): Reading<MeterQuantity> {
  const param = `${field}.${name}`;
  const meter = meters.resolve(applicationId, name);
  if (meter === undefined || !isCountedFor(meter, applicationId)) {
    const sentence = `There is no meter "${name}" of this application: define it, or correct its name.`;
    return refuse('meter_unknown', sentence, param);
  }
  if (meter.id === costMeterId) {
    return refuse('rule_violated', 'Cost follows from the model that is named.', param);
  }
  if (meter.aggregation === 'unique') {
    const sentence = `"${name}" counts distinct values: report usage events with its property.`;
    return refuse('rule_violated', sentence, param);
  }
  const quantity = parseQuantity(text, meter.unit);
  if (quantity === undefined || quantity > nanosMax || quantity < -nanosMax) {
    return refuse('rule_violated', quantityAdvice(meter.unit), param);
  }
  if (quantity < 0n && !(meter.kind === 'level' && meter.aggregation === 'sum')) {
    const sentence = `"${name}" only goes up: write 0 or more.`;
    return refuse('rule_violated', sentence, param);
  }
  return { value: { meterId: meter.id, quantity } };
}

/** The application's own meters and the deployment's, while they are in use. */
function isCountedFor(meter: Meter, applicationId: string): boolean {
  const isOwn = meter.applicationId === null || meter.applicationId === applicationId;
  return isOwn && meter.status === 'active';
}

function refuse(
  code: 'rule_violated' | 'meter_unknown',
  sentence: string,
  param: string,
): { refusal: Refusal } {
  return { refusal: new Refusal(code, sentence, { param }) };
}
