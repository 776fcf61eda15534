/** What the form of billing details holds, and what of it is sent. */
import type { Answer, Request } from '../../api/call.ts';

export type BillingDetails = Answer<'getBillingDetails'>;
type Body = NonNullable<Request<'updateBillingDetails'>['body']>;

export interface DetailsFields {
  legal_name?: string;
  tax_id?: string;
  country?: string | null;
  /** One line of the address on each line. */
  address?: string;
  invoice_email?: string;
  /** Empty: as the deployment prints. */
  locale?: 'en' | 'zh-CN' | '';
}

export function toFields(details: BillingDetails): DetailsFields {
  return {
    legal_name: details.legal_name ?? '',
    tax_id: details.tax_id ?? '',
    country: details.country,
    address: details.address.join('\n'),
    invoice_email: details.invoice_email ?? '',
    locale: details.locale ?? '',
  };
}

/** All of it is sent, for what is left out is cleared. */
export function toBody(fields: DetailsFields): Body {
  return {
    legal_name: fields.legal_name?.trim() || null,
    tax_id: fields.tax_id?.trim() || null,
    country: fields.country || null,
    address: linesOf(fields.address ?? ''),
    invoice_email: fields.invoice_email?.trim() || null,
    locale: fields.locale || null,
  };
}

export const addressLinesMax = 6;

export function linesOf(address: string): string[] {
  return address
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
