/** Which tax an invoice bears. It is decided when the invoice is issued, and printed with its reason. */
import { divide, parseRatio, type Ratio, ratio, zero } from '../../../platform/ratio.ts';

interface Party {
  name: string;
  taxId: string | null;
  address: readonly string[];
  country: string | null;
}

/** Who sells, as it stands on a document. */
export interface Seller extends Party {
  /** Own words below it. */
  text?: string;
}

/** Who buys, as it stands on a document. */
export interface Customer extends Party {
  email: string | null;
  locale: 'en' | 'zh-CN';
}

export interface TaxRate {
  id: string;
  country: string;
  name: string;
  /** In percent, as a plain decimal. */
  rate: string;
  /** Whether prices have the tax in them. */
  isInclusive: boolean;
  validFrom: Date;
}

export type Treatment = 'taxed' | 'untaxed' | 'reverse_charge' | 'exempt';

export interface Taxation {
  treatment: Treatment;
  rate: Pick<TaxRate, 'name' | 'rate' | 'isInclusive'> | null;
}

interface TaxQuestion {
  seller: Pick<Seller, 'country'>;
  customer: Pick<Customer, 'country' | 'taxId'>;
  isExempt: boolean;
  rates: readonly TaxRate[];
  at: Date;
}

/** A customer who names no country is taxed as the seller's neighbor. */
export function taxationOf({ seller, customer, isExempt, rates, at }: TaxQuestion): Taxation {
  if (isExempt) return { treatment: 'exempt', rate: null };
  if (isReverseCharge(seller, customer)) return { treatment: 'reverse_charge', rate: null };
  const country = customer.country ?? seller.country;
  const inForce = rates
    .filter((rate) => rate.country === country && rate.validFrom <= at)
    .sort((a, b) => b.validFrom.getTime() - a.validFrom.getTime() || (a.id < b.id ? 1 : -1));
  const [rate] = inForce;
  return rate ? { treatment: 'taxed', rate } : { treatment: 'untaxed', rate: null };
}

export function shareOfRate(rate: string | null): Ratio {
  return rate === null ? zero : divide(parseRatio(rate), ratio(100n));
}

// The area in which a buyer with a tax id owes the tax in the seller's stead: Directive 2006/112/EC, article 196.
const taxArea = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** Greek tax ids begin with EL. https://ec.europa.eu/taxation_customs/vies/ */
const prefixOf = (country: string) => (country === 'GR' ? 'EL' : country);

function isReverseCharge(
  { country: from }: Pick<Seller, 'country'>,
  { country: to, taxId }: Pick<Customer, 'country' | 'taxId'>,
): boolean {
  if (from === null || to === null || from === to || taxId === null) return false;
  if (!taxArea.has(from) || !taxArea.has(to)) return false;
  const id = taxId.replace(/[\s.-]/g, '').toUpperCase();
  return id.startsWith(prefixOf(to)) && /^[A-Z]{2}[A-Z0-9+*]{2,12}$/.test(id);
}
