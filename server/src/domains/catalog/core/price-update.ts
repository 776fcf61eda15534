/** Where published prices differ from the price book. */
import { createHash } from 'node:crypto';
import type { PricePosition } from '@sluice/contract/catalog';
import { type ModelPrice, type PriceTable, priceInForce } from './model-price.ts';
import type { PriceTerms } from './price-terms.ts';
import { isSameJson, writeCanonical } from './same-json.ts';

export interface PriceUpdate {
  /** Of exactly this difference: it changes with either side. */
  id: string;
  kind: 'new' | 'changed' | 'gone';
  model: string;
  /** Null: as soon as it is accepted. */
  effectiveFrom: Date | null;
  before: ModelPrice | undefined;
  /** What the book would say; undefined where the list names the model no longer. */
  after: PriceTerms | undefined;
}

type Versions = ReadonlyMap<string, readonly ModelPrice[]>;

/** All differences now and at what the list announces, by model and time. */
export function findUpdates(book: Versions, published: Versions, now: Date): PriceUpdate[] {
  const updates: PriceUpdate[] = [];
  for (const [model, versions] of published) {
    const own = book.get(model) ?? [];
    const listed = priceInForce(versions, now);
    if (listed) updates.push(...compare(priceInForce(own, now), listed, null));
    for (const announced of versions.filter(({ effectiveFrom }) => effectiveFrom > now)) {
      const at = announced.effectiveFrom;
      updates.push(...compare(priceInForce(own, at), announced, at));
    }
  }
  for (const [model, versions] of book) {
    const before = priceInForce(versions, now);
    if (before?.source !== 'dataset' || published.has(model)) continue;
    updates.push(updateOf({ kind: 'gone', model, effectiveFrom: null, before, after: undefined }));
  }
  return updates.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** What lists of updates are sorted by; a model has one update per instant. */
export function sortKey({ model, effectiveFrom }: PriceUpdate): string {
  return `${model} ${effectiveFrom?.toISOString() ?? ''}`;
}

function compare(
  before: ModelPrice | undefined,
  listed: ModelPrice,
  effectiveFrom: Date | null,
): PriceUpdate[] {
  const { model } = listed;
  const after = mergeTerms(before, listed);
  if (before && isSameJson(ratesOf(before), ratesOf(after))) return [];
  const kind = before ? 'changed' : 'new';
  return [updateOf({ kind, model, effectiveFrom, before, after })];
}

function updateOf(update: Omit<PriceUpdate, 'id'>): PriceUpdate {
  const { kind, model, effectiveFrom, before, after } = update;
  const said = writeCanonical([
    ...[kind, model, effectiveFrom?.toISOString() ?? null],
    ...[before && ratesOf(before), after && ratesOf(after)],
  ]);
  return { id: `pup_${createHash('sha256').update(said).digest('hex').slice(0, 32)}`, ...update };
}

function ratesOf({ prices, tiers, serviceTiers }: PriceTerms) {
  return { prices, tiers, serviceTiers };
}

/** What no list says and operators may have added: it stays. */
const ownPositions: readonly PricePosition[] = ['reasoning', 'request'];

function mergeTerms(before: ModelPrice | undefined, listed: ModelPrice): PriceTerms {
  const kept = (table: PriceTable | undefined): Partial<PriceTable> =>
    Object.fromEntries(
      ownPositions.flatMap((position) => {
        const price = table?.[position];
        return price === undefined ? [] : [[position, price]];
      }),
    );
  const ofTier = (bound: number) =>
    before?.tiers.find(({ aboveInputTokens }) => aboveInputTokens === bound)?.prices;
  return {
    prices: { ...listed.prices, ...kept(before?.prices) },
    tiers: listed.tiers.map((tier) => ({
      ...tier,
      prices: { ...tier.prices, ...kept(ofTier(tier.aboveInputTokens)) },
    })),
    serviceTiers: listed.tiers.length > 0 ? {} : (before?.serviceTiers ?? {}),
    contextWindow: listed.contextWindow ?? before?.contextWindow ?? null,
    maxOutputTokens: before?.maxOutputTokens ?? listed.maxOutputTokens,
  };
}

export interface PositionChange {
  /** Null: below all tiers. */
  aboveInputTokens: number | null;
  position: PricePosition;
  before: bigint | undefined;
  after: bigint | undefined;
}

/** Each price that differs, tier by tier; a tier that one side lacks costs there what is below it. */
export function changesOf({ before, after }: Pick<PriceUpdate, 'before' | 'after'>) {
  const bounds = new Set([...(before?.tiers ?? []), ...(after?.tiers ?? [])].map(boundOf));
  return [null, ...[...bounds].sort((a, b) => a - b)].flatMap((bound): PositionChange[] => {
    const [from, to] = [tableAbove(before, bound), tableAbove(after, bound)];
    const named = new Set([...Object.keys(from), ...Object.keys(to)] as PricePosition[]);
    return [...named]
      .filter((position) => from[position] !== to[position])
      .map((position) => ({
        ...{ aboveInputTokens: bound, position },
        ...{ before: from[position], after: to[position] },
      }));
  });
}

const boundOf = ({ aboveInputTokens }: { aboveInputTokens: number }) => aboveInputTokens;

function tableAbove(terms: PriceTerms | undefined, bound: number | null): Partial<PriceTable> {
  if (!terms) return {};
  const reached = terms.tiers.findLast((tier) => bound !== null && tier.aboveInputTokens <= bound);
  return { ...terms.prices, ...reached?.prices };
}

/** How much more or less, in percent with at most one decimal; undefined where there is nothing to compare with. */
export function percentOf(before: bigint | undefined, after: bigint | undefined) {
  if (before === undefined || after === undefined || before === 0n) return undefined;
  const tenths = ((after - before) * 1000n) / before;
  const [sign, size] = tenths < 0n ? ['-', -tenths] : ['', tenths];
  return `${sign}${size / 10n}${size % 10n === 0n ? '' : `.${size % 10n}`}`;
}
