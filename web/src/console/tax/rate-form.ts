/** A tax rate as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';
import { instantIn, localIn } from '../../ui/zone-instant.ts';

export type TaxRate = Answer<'listTaxRates'>['data'][number];

export interface RateForm {
  country: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** What clocks of the page's zone will show; left out: now. */
  valid_from?: string;
}

/** Percent, with at most four decimals. */
export const percentPattern = /^(100(\.0{1,4})?|(0|[1-9]\d?)(\.\d{1,4})?)$/;

export function rateFormOf(rate: TaxRate, timeZone: string): RateForm {
  const { country, name, rate: percent, inclusive, valid_from } = rate;
  return { country, name, rate: percent, inclusive, valid_from: localIn(timeZone, valid_from) };
}

export function toNewRate(
  { valid_from: from, ...fields }: RateForm,
  timeZone: string,
): Request<'createTaxRate'>['body'] {
  return { ...fields, ...(from && { valid_from: instantIn(timeZone, from) }) };
}

/** The form shows an instant to the minute: one that was not touched is not sent, so that it stays exact. */
export function toRateChange(
  { valid_from: from, ...fields }: RateForm,
  old: TaxRate,
  timeZone: string,
): NonNullable<Request<'updateTaxRate'>['body']> {
  const isMoved = from && from !== localIn(timeZone, old.valid_from);
  return { ...fields, ...(isMoved && { valid_from: instantIn(timeZone, from) }) };
}
