/**
 * An invoice or a credit note as a page to print: what stands where, as data. All figures arrive as they are to be read.
 * https://pdfmake.github.io/docs/0.3/document-definition-object/
 */
import type { Alignment, Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { type DocumentLocale, documentWords } from './document-words.ts';

export interface PrintedDocument {
  kind: 'invoice' | 'credit_note';
  number: string;
  locale: DocumentLocale;
  /** Null where it has none: a credit note is what it is. */
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible' | null;
  currency: string;
  /** Calendar days, `YYYY-MM-DD`. */
  issuedOn: string;
  dueOn: string | null;
  /** The last day is in it. */
  period: { from: string; to: string } | null;
  /** Number of the invoice that a credit note corrects. */
  corrects: string | null;
  seller: PrintedParty;
  customer: PrintedParty;
  lines: readonly PrintedLine[];
  totals: PrintedTotals;
  notes: readonly string[];
}

export interface PrintedParty {
  name: string;
  taxId: string | null;
  address: readonly string[];
}

export interface PrintedLine {
  description: string;
  /** How the amount came about. */
  details: readonly string[];
  quantity: string;
  unitAmount: string;
  amount: string;
}

/** Decimals; what is null is not shown. */
export interface PrintedTotals {
  subtotal: string;
  discount: string | null;
  taxes: readonly { name: string; rate: string; amount: string }[];
  isTaxInclusive: boolean;
  total: string;
  creditNotes: string | null;
  prepaid: string | null;
  due: string | null;
}

const muted = '#5f6b7a';
const line = '#d5dae1';

/** The document definition: heads repeat on every page, and no row is split between two. */
export function layOut(document: PrintedDocument): TDocumentDefinitions {
  const words = documentWords[document.locale];
  return {
    info: { title: `${words[document.kind]} ${document.number}`, author: document.seller.name },
    pageSize: 'A4' as const,
    pageMargins: [48, 48, 48, 56] as [number, number, number, number],
    defaultStyle: { font: 'Sluice', fontSize: 9, lineHeight: 1.25 },
    content: [
      headOf(document),
      partiesOf(document),
      tableOf(document),
      totalsTable(document),
      ...document.notes.map((text) => ({
        text,
        color: muted,
        margin: [0, 10, 0, 0] as [number, number, number, number],
      })),
    ],
    footer: (page: number, pages: number) => ({
      columns: [
        { text: `${document.seller.name} · ${document.number}`, color: muted },
        { text: `${page} / ${pages}`, color: muted, alignment: 'right' },
      ],
      fontSize: 8,
      margin: [48, 16, 48, 0],
    }),
  };
}

function headOf(document: PrintedDocument): Content {
  const words = documentWords[document.locale];
  const facts: [string, string][] = [
    [words.number, document.number],
    [words.issued, document.issuedOn],
    ...optional(words.due, document.dueOn),
    ...optional(words.period, document.period && `${document.period.from} – ${document.period.to}`),
    ...optional(words.corrects, document.corrects),
    ...optional(words.status, document.status && words.statuses[document.status]),
  ];
  return {
    columns: [
      { text: words[document.kind], fontSize: 20, bold: true },
      {
        width: 'auto',
        layout: 'noBorders',
        table: {
          body: facts.map(([label, value]) => [
            { text: label, color: muted },
            { text: value, alignment: 'right' },
          ]),
        },
      },
    ],
    margin: [0, 0, 0, 20],
  };
}

function optional(label: string, value: string | null): [string, string][] {
  return value === null ? [] : [[label, value]];
}

function partiesOf({ seller, customer, locale }: PrintedDocument): Content {
  const words = documentWords[locale];
  const party = (label: string, { name, taxId, address }: PrintedParty): Content => ({
    stack: [
      { text: label, color: muted },
      { text: name, bold: true },
      ...address,
      ...(taxId === null ? [] : [`${words.taxId} ${taxId}`]),
    ],
  });
  return {
    columns: [party(words.seller, seller), party(words.customer, customer)],
    columnGap: 24,
    margin: [0, 0, 0, 20],
  };
}

function tableOf({ lines, locale, currency }: PrintedDocument): Content {
  const words = documentWords[locale];
  const head = (text: string, alignment: Alignment = 'right') => ({ text, alignment, bold: true });
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: ['*', 'auto', 'auto', 'auto'],
      body: [
        [
          head(words.description, 'left'),
          head(words.quantity),
          head(words.unitAmount),
          head(`${words.amount} (${currency})`),
        ],
        ...lines.map(({ description, details, quantity, unitAmount, amount }): TableCell[] => [
          {
            stack: [description, ...details.map((text) => ({ text, color: muted, fontSize: 8 }))],
          },
          { text: quantity, alignment: 'right' },
          { text: unitAmount, alignment: 'right' },
          { text: amount, alignment: 'right' },
        ]),
      ],
    },
    layout: {
      hLineWidth: (row: number) => (row <= 1 ? 1 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => line,
      paddingTop: () => 5,
      paddingBottom: () => 5,
    },
  };
}

/** Kept together: a total on a page without its tax would be read wrongly. */
function totalsTable({ totals, locale, currency }: PrintedDocument): Content {
  const words = documentWords[locale];
  const taxLabel = (tax: { name: string; rate: string }) =>
    totals.isTaxInclusive
      ? `${words.taxIncluded} ${tax.name} ${tax.rate} %`
      : `${tax.name} ${tax.rate} %`;
  const rows: [string, string][] = [
    [words.subtotal, totals.subtotal],
    ...optional(words.discount, totals.discount),
    ...totals.taxes.map((tax): [string, string] => [taxLabel(tax), tax.amount]),
    [words.total, totals.total],
    ...optional(words.creditNotes, totals.creditNotes),
    ...optional(words.prepaid, totals.prepaid),
  ];
  const shown = rows.map(([label, amount]): TableCell[] => [
    label,
    { text: amount, alignment: 'right' },
  ]);
  const due: TableCell[][] =
    totals.due === null
      ? []
      : [
          [
            { text: words.amountDue, bold: true },
            { text: `${currency} ${totals.due}`, alignment: 'right', bold: true },
          ],
        ];
  return {
    columns: [
      { text: '', width: '*' },
      { width: 'auto', layout: 'noBorders', table: { body: [...shown, ...due] } },
    ],
    unbreakable: true,
    margin: [0, 12, 0, 0],
  };
}
