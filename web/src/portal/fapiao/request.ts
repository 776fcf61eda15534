/** A request for a fapiao as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';

export type FapiaoInvoice = Answer<'listFapiaoInvoices'>['data'][number];
export type LastTitle = Answer<'getFapiaoTitle'>;
type Body = NonNullable<Request<'requestFapiao'>['body']>;

export interface RequestForm {
  vat: 'general' | 'special';
  title: {
    kind: 'individual' | 'company';
    name?: string;
    tax_number?: string;
    address?: string;
    phone?: string;
    bank?: string;
    account?: string;
    email?: string;
  };
}

/** What was typed last time; a company until somebody says otherwise. */
export function formOf({ vat, title }: LastTitle, email: string): RequestForm {
  if (!title) return { vat, title: { kind: 'company', email } };
  return {
    vat,
    title: {
      ...{ kind: title.kind, name: title.name, email: title.email },
      tax_number: title.tax_number ?? '',
      address: title.address ?? '',
      phone: title.phone ?? '',
      bank: title.bank ?? '',
      account: title.account ?? '',
    },
  };
}

/** A person has neither tax number nor bank on it, whatever was typed before the kind was changed. */
export function toBody(form: RequestForm, invoices: readonly string[]): Body {
  const { kind, name = '', email = '', ...details } = form.title;
  const title = { kind, name: name.trim(), email: email.trim() };
  if (kind === 'individual') return { invoices: [...invoices], vat: 'general', title };
  const given = Object.entries(details)
    .map(([field, text = '']) => [field, text.trim()] as const)
    .filter(([, text]) => text !== '');
  return {
    invoices: [...invoices],
    vat: form.vat,
    title: { ...title, ...Object.fromEntries(given) },
  };
}

/** What a fapiao for these comes to; undefined for none, or for several currencies. */
export function sumOf(
  chosen: readonly Pick<FapiaoInvoice, 'amount' | 'currency'>[],
): { amount: string; currency: string } | undefined {
  const [first] = chosen;
  if (!first || chosen.some(({ currency }) => currency !== first.currency)) return undefined;
  const total = chosen.reduce((sum, { amount }) => sum + toNanos(amount), 0n);
  return { amount: fromNanos(total), currency: first.currency };
}
