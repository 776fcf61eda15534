/** Every invoice is explained by its lines: each figure is computed again from the ones it is made of. */
import {
  compare,
  divide,
  multiply,
  one,
  parseRatio,
  type Ratio,
  ratio,
  roundHalfUp,
  subtract,
  sum,
} from '../../server/src/platform/ratio.ts';
import type { BilledInvoice } from './read.ts';
import type { CreditNoteRow } from './rows.ts';

/** What a line of these kinds costs is its quantity times its unit; the others come of rates and shares. */
const multiplied = new Set(['top_up', 'package', 'subscription', 'setup_fee', 'manual']);

export function judgeInvoices(invoices: readonly BilledInvoice[]): string[] {
  return [...invoices.flatMap(judgeInvoice), ...judgeNumbers(invoices)];
}

function judgeInvoice(invoice: BilledInvoice): string[] {
  const { lines, subtotal_minor: subtotal, discount_minor: discount } = invoice;
  const added = invoice.is_tax_inclusive ? 0n : invoice.tax_minor;
  const claims: [boolean, string][] = [
    [lines.length > 0, 'has no lines'],
    [total(lines, 'amount_minor') === subtotal, 'has lines that do not add up to its subtotal'],
    [total(lines, 'net_minor') === subtotal - discount, 'has discounted lines that do not add up'],
    [invoice.total_minor === subtotal - discount + added, 'has a total that its parts do not make'],
    [invoice.tax_minor === total(invoice.taxes, 'amount'), 'has taxes that do not add up'],
    [invoice.credit_applied_minor <= invoice.total_minor, 'used more credit than it cost'],
    [invoice.credited_minor <= invoice.total_minor, 'was credited more than it cost'],
    [invoice.total_minor >= 0n, 'is negative'],
    ...lines.flatMap(claimsOfLine),
    ...invoice.taxes.map((tax) => claimOfTax(invoice, tax)),
  ];
  return claims
    .filter(([isTrue]) => !isTrue)
    .map(([, sentence]) => `invoice ${invoice.number} (${invoice.kind}) ${sentence}`);
}

function claimsOfLine(line: BilledInvoice['lines'][number]): [boolean, string][] {
  const { quantity, unit, amount } = mapExact(line.exact);
  const off = subtract(amount, ratio(line.amount_minor));
  const isClose = compare(off, one) < 0 && compare(off, ratio(-1n)) > 0;
  const isProduct = !multiplied.has(line.kind) || compare(multiply(quantity, unit), amount) === 0;
  return [
    [isClose, `shows line ${line.position} a unit or more off its exact amount`],
    [isProduct, `has a line ${line.position} that is not quantity times unit`],
  ];
}

function claimOfTax(
  { lines, is_tax_inclusive }: BilledInvoice,
  { rate, taxable, amount }: BilledInvoice['taxes'][number],
): [boolean, string] {
  const share = divide(parseRatio(rate), ratio(100n));
  const factor = is_tax_inclusive ? divide(share, sum([one, share])) : share;
  const net = total(
    lines.filter(({ tax_rate }) => tax_rate === rate),
    'net_minor',
  );
  const isWhole = net === BigInt(taxable);
  const isRight = roundHalfUp(multiply(ratio(net), factor)) === BigInt(amount);
  return [isWhole && isRight, `has a tax of ${rate} % that its lines do not make`];
}

/** No number is missing in any series, and none was given twice. */
function judgeNumbers(numbered: readonly { number: string | null }[]): string[] {
  const series = Map.groupBy(numbered, ({ number }) => number?.replace(/\d+$/, '') ?? 'none');
  return [...series].flatMap(([prefix, members]) => {
    const numbers = members.map(({ number }) => Number(number?.match(/\d+$/)?.[0]));
    const isGapless =
      new Set(numbers).size === numbers.length && Math.max(...numbers) === numbers.length;
    return isGapless ? [] : [`the numbers ${prefix}… have gaps or repeats`];
  });
}

/** Credit notes and what became of their credit, against the invoices that they are about. */
export function judgeCreditNotes(
  notes: readonly CreditNoteRow[],
  invoices: readonly BilledInvoice[],
  uses: readonly { invoice_id: string; credit_note_id: string; minor: bigint }[],
): string[] {
  const ofInvoice = Map.groupBy(notes, ({ invoice_id }) => invoice_id);
  const usedOf = Map.groupBy(uses, ({ credit_note_id }) => credit_note_id);
  const usedBy = Map.groupBy(uses, ({ invoice_id }) => invoice_id);
  const wrongInvoices = invoices.flatMap((invoice) => {
    const credited = total(ofInvoice.get(invoice.id) ?? [], 'total_minor');
    const applied = total(usedBy.get(invoice.id) ?? [], 'minor');
    const expected = invoice.status === 'void' ? 0n : invoice.credit_applied_minor;
    return [
      ...(credited === invoice.credited_minor
        ? []
        : [`invoice ${invoice.number} says it was credited otherwise`]),
      ...(applied === expected ? [] : [`invoice ${invoice.number} used credit that no note gave`]),
    ];
  });
  const wrongNotes = notes.flatMap((note) => {
    const used = total(usedOf.get(note.id) ?? [], 'minor');
    const isWhole =
      note.total_minor === note.against_due_minor + note.to_credit_minor &&
      note.to_credit_minor === used + note.remaining_minor;
    return isWhole
      ? []
      : [`credit note ${note.number} is not what was used and what is left of it`];
  });
  return [...wrongInvoices, ...wrongNotes, ...judgeNumbers(notes)];
}

function total<K extends string>(rows: readonly Record<K, bigint | string>[], key: K): bigint {
  return rows.reduce((sumOf, row) => sumOf + BigInt(row[key]), 0n);
}

function mapExact(exact: { quantity: string; unit: string; amount: string }) {
  return {
    quantity: readFraction(exact.quantity),
    unit: readFraction(exact.unit),
    amount: readFraction(exact.amount),
  };
}

function readFraction(text: string): Ratio {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return ratio(BigInt(numerator), BigInt(denominator));
}
