/** What a plan charges for use, said in words: a sentence for each rule that an amount comes about by. */
import { useLocale, useTranslations } from 'use-intl';
import { useAmountText } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { useMeterName } from '../quotas/meter-name.ts';
import type { PlanCharge } from './offer.ts';
import { type TierRange, tierRanges } from './tiers.ts';

interface ChargeText {
  name: string;
  sentences: string[];
}

type Tiered = Extract<PlanCharge, { tiers: unknown }>;
type Percentage = Extract<PlanCharge, { model: 'percentage' }>;

export function useChargeText(): (charge: PlanCharge, currency: string) => ChargeText {
  const meterName = useMeterName();
  const say = useSentences();
  return (charge, currency) => ({
    name: charge.name ?? meterName(charge.meter),
    sentences: [
      ...(charge.free_units ? [say.free(charge.free_units)] : []),
      ...sentencesOf(charge, currency, say),
      ...say.bounds(charge, currency),
    ],
  });
}

type Sentences = ReturnType<typeof useSentences>;

function sentencesOf(charge: PlanCharge, currency: string, say: Sentences): string[] {
  switch (charge.model) {
    case 'flat':
      return [say.flat(charge.amount, currency)];
    case 'per_unit':
      return [say.each(charge.unit_amount, currency)];
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
      return say.tiers(charge, currency);
    case 'package':
      return [say.lots(charge.amount, charge.size, currency)];
    case 'percentage':
      return say.percentage(charge, currency);
    case 'dynamic':
      return [say.times(charge.multiplier)];
    case 'tokens':
      return say.tokens(charge.per_million, charge.markup, currency);
  }
}

function useSentences() {
  const t = useTranslations('offers.charges');
  const locale = useLocale();
  const amountText = useAmountText();
  const amountOf = (value: string, currency: string) =>
    amountText(value, currency, { isExact: true });
  const count = (value: string) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(value as `${number}`);
  const range = ({ above, upTo }: TierRange) => {
    if (above !== null && upTo !== null)
      return t('between', { above: count(above), upTo: count(upTo) });
    if (upTo !== null) return t('upTo', { upTo: count(upTo) });
    return above === null ? t('all') : t('above', { above: count(above) });
  };
  const tierPrice = (charge: Tiered, tier: Tiered['tiers'][number], currency: string) => {
    const flat = tier.flat_amount && toNanos(tier.flat_amount) !== 0n ? tier.flat_amount : null;
    const isFree = toNanos(tier.unit_amount) === 0n;
    const unit =
      charge.model === 'graduated_percentage'
        ? t('percent', { rate: tier.unit_amount })
        : tier.per
          ? t('perLot', { amount: amountOf(tier.unit_amount, currency), size: count(tier.per) })
          : t('each', { amount: amountOf(tier.unit_amount, currency) });
    const once = flat && t('once', { amount: amountOf(flat, currency) });
    if (isFree) return once || t('nothing');
    return once ? t('both', { unit, once }) : unit;
  };
  const someAmount = (
    key: 'minimum' | 'maximum' | 'eventFixed' | 'eventMinimum' | 'eventMaximum',
    value: string | undefined,
    currency: string,
  ) => (value === undefined ? [] : [t(key, { amount: amountOf(value, currency) })]);
  return {
    free: (units: string) => t('free', { units: count(units) }),
    flat: (amount: string, currency: string) => t('flat', { amount: amountOf(amount, currency) }),
    each: (amount: string, currency: string) => t('each', { amount: amountOf(amount, currency) }),
    lots: (amount: string, size: string, currency: string) =>
      t('lots', { amount: amountOf(amount, currency), size: count(size) }),
    times: (multiplier: string) => t('times', { multiplier: count(multiplier) }),
    tiers: (charge: Tiered, currency: string) => [
      t(charge.model === 'volume' ? 'volume' : 'graduated'),
      ...tierRanges(charge.tiers).map((tier) =>
        t('tier', { range: range(tier), price: tierPrice(charge, tier.tier, currency) }),
      ),
    ],
    percentage: (charge: Percentage, currency: string) => [
      t('percentage', { rate: charge.rate }),
      ...someAmount('eventFixed', charge.fixed_amount, currency),
      ...someAmount('eventMinimum', charge.per_event_minimum, currency),
      ...someAmount('eventMaximum', charge.per_event_maximum, currency),
      ...(charge.free_events ? [t('freeEvents', { count: charge.free_events })] : []),
      ...(charge.free_total
        ? [t('freeTotal', { amount: amountOf(charge.free_total, currency) })]
        : []),
    ],
    tokens: (prices: Record<string, string>, markup: string | undefined, currency: string) => [
      ...Object.entries(prices).map(([position, price]) =>
        t('perMillion', { position: positionName(t, position), amount: amountOf(price, currency) }),
      ),
      ...(markup ? [t('markup', { rate: markup })] : []),
    ],
    bounds: (
      { discount, minimum_spend: minimum, maximum_spend: maximum }: PlanCharge,
      currency: string,
    ) => [
      ...(discount ? [t('discount', { rate: discount })] : []),
      ...someAmount('minimum', minimum, currency),
      ...someAmount('maximum', maximum, currency),
    ],
  };
}

const positions = ['input', 'cached_input', 'cache_write', 'output', 'reasoning'] as const;

function positionName(
  t: ReturnType<typeof useTranslations<'offers.charges'>>,
  position: string,
): string {
  const known = positions.find((candidate) => candidate === position);
  return known ? t(`positions.${known}`) : position;
}
