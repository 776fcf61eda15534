/**
 * Stripe's amounts: integers in a minor unit that is not always the currency's own, above a least and below a most.
 * https://docs.stripe.com/currencies
 */
import { exponentOf, type MinorMoney } from '../../../../platform/money.ts';

const zeroDecimal = new Set(
  'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '),
);
/** Their last digit has to be 0. */
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '));

/**
 * ISK has no decimals of its own and is sent with two. UGX is left out: Stripe's pages contradict each other on
 * whether it has two, and a payment that is wrong by a factor of 100 is worse than none.
 */
export const stripeCurrencies: readonly string[] = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY ' +
  'COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK ' +
  'JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR ' +
  'MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS ' +
  'SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW'
).split(' ');

const taken = new Set(stripeCurrencies);

/** In Stripe's own units. Below them Stripe refuses; currencies without a line depend on what a dollar is that day. */
const least: Readonly<Record<string, bigint>> = {
  ...{ USD: 50n, EUR: 50n, GBP: 30n, JPY: 50n, HKD: 400n, CNY: 400n, AED: 200n, AUD: 50n },
  ...{ BRL: 50n, CAD: 50n, CHF: 50n, CZK: 1500n, DKK: 250n, HUF: 17500n, INR: 50n, MXN: 1000n },
  ...{ MYR: 200n, NOK: 300n, NZD: 50n, PLN: 200n, RON: 200n, SEK: 300n, SGD: 50n, THB: 1000n },
};
const most = 99_999_999n;

/** An amount as Stripe collects it; undefined where it cannot. */
export function toStripe({ minor, currency }: MinorMoney): number | undefined {
  if (!taken.has(currency)) return undefined;
  const amount = rescale(minor, exponentOf(currency), decimalsOf(currency));
  if (amount === undefined) return undefined;
  if (threeDecimal.has(currency) && amount % 10n !== 0n) return undefined;
  if (amount < (least[currency] ?? 1n) || amount > most) return undefined;
  return Number(amount);
}

/** A part of a payment, as a refund is: no least amount. */
export function toStripePart({ minor, currency }: MinorMoney): number | undefined {
  const amount = rescale(minor, exponentOf(currency), decimalsOf(currency));
  const isWhole = !threeDecimal.has(currency) || (amount ?? 0n) % 10n === 0n;
  const fits = amount !== undefined && taken.has(currency) && amount > 0n && amount <= most;
  return fits && isWhole ? Number(amount) : undefined;
}

/** What Stripe says an amount is, of either sign; undefined for anything that is no amount. */
export function fromStripe(amount: unknown, currency: unknown): MinorMoney | undefined {
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) return undefined;
  if (typeof currency !== 'string' || !/^[a-z]{3}$/.test(currency)) return undefined;
  const ours = currency.toUpperCase();
  if (!taken.has(ours)) return undefined;
  const minor = rescale(BigInt(amount), decimalsOf(ours), exponentOf(ours));
  return minor === undefined ? undefined : { minor, currency: ours };
}

/** As `fromStripe`, for money that was collected: above zero. */
export function collectedFromStripe(amount: unknown, currency: unknown): MinorMoney | undefined {
  const money = fromStripe(amount, currency);
  return money && money.minor > 0n ? money : undefined;
}

function decimalsOf(currency: string): number {
  if (zeroDecimal.has(currency)) return 0;
  return threeDecimal.has(currency) ? 3 : 2;
}

/** Exact or undefined: 5.50 MGA has no spelling without decimals. */
function rescale(amount: bigint, from: number, to: number): bigint | undefined {
  if (to >= from) return amount * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  return amount % divisor === 0n ? amount / divisor : undefined;
}
