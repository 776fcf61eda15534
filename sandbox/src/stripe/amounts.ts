/** Which amounts are taken: integers in the currency's smallest unit. https://docs.stripe.com/currencies */
import { invalid } from './problem.ts';

const currencies = new Set(
  `aed afn all amd ang aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop
  crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod
  jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn
  nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb
  tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw`.split(
    /\s+/,
  ),
);
const endsInZero = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
/** Sent with two decimals that have to be zero. */
const endsInTwoZeros = new Set(['isk', 'ugx']);
const leastKnown: Readonly<Record<string, number>> = {
  ...{ usd: 50, eur: 50, gbp: 30, jpy: 50, hkd: 400, aud: 50, cad: 50, chf: 50, sgd: 50 },
  ...{ nzd: 50, brl: 50, inr: 50, dkk: 250, nok: 300, sek: 300, pln: 200, mxn: 1_000 },
};
const digitsMax = 8;

/** @throws Problem naming the parameter. */
export function checkAmount(amount: number, currency: string, param: string): void {
  if (!currencies.has(currency)) {
    throw invalid(`Invalid currency: ${currency.slice(0, 20)}.`, { param: 'currency' });
  }
  if (amount < (leastKnown[currency] ?? 1)) {
    const message = 'The amount must be greater than or equal to the minimum charge amount.';
    throw invalid(message, { code: 'amount_too_small', param });
  }
  if (String(amount).length > digitsMax) {
    const message = 'Amount must be no more than 99999999.';
    throw invalid(message, { code: 'amount_too_large', param });
  }
  const step = endsInZero.has(currency) ? 10 : endsInTwoZeros.has(currency) ? 100 : 1;
  if (amount % step !== 0) {
    throw invalid(`Amounts of ${currency} must be multiples of ${step}.`, { param });
  }
}

const zeroDecimal = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
);

/** As a person reads it: `12.00 USD`. */
export function showAmount(amount: number, currency: string): string {
  const decimals = zeroDecimal.has(currency) ? 0 : endsInZero.has(currency) ? 3 : 2;
  const digits = String(amount).padStart(decimals + 1, '0');
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${whole}${fraction} ${currency.toUpperCase()}`;
}
