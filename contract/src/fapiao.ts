/** Fapiao: the Chinese tax receipt, which the seller issues in the tax bureau’s system for what was paid. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { Day, IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Reason } from './invoicing.ts';

export const fapiaoStatuses = [
  'requested',
  'issued',
  'sent',
  'rejected',
  'to_be_reversed',
  'reversed',
] as const;

const Status = z.enum(fapiaoStatuses).meta({
  description:
    '`sent`: mailed to the buyer. `to_be_reversed`: what it is for was credited since, and a red-letter fapiao is due.',
});

export const fapiaoFileBytesMax = 1024 * 1024;
const base64LengthMax = Math.ceil(fapiaoFileBytesMax / 3) * 4;

const Email = z.email('Write an e-mail address, such as "books@example.com".').max(254);
const Phone = z
  .string()
  .trim()
  .regex(/^[0-9+() -]{5,30}$/, 'Write the phone number in digits.');
const BankAccount = z
  .string()
  .trim()
  .regex(/^[0-9A-Z -]{5,40}$/, 'Write the account number in digits.');
const TaxNumber = z
  .string()
  .trim()
  .regex(
    /^([0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20})$/,
    'Write the tax number as 15, 17, 18 or 20 digits and capital letters.',
  );

const vat = z.enum(['general', 'special']).meta({
  description: '`special`: the buyer, a company, may deduct its tax.',
});

const titleFields = {
  kind: z.enum(['individual', 'company']),
  name: nameOf('title', 100),
  tax_number: TaxNumber.nullable(),
  address: z.string().trim().min(1).max(200).nullable(),
  phone: Phone.nullable(),
  bank: nameOf('bank', 100).nullable(),
  account: BankAccount.nullable(),
  email: Email.meta({ description: 'Where it is sent.' }),
};

/** Who the fapiao is made out to. */
export const FapiaoTitle = z.object(titleFields).meta({ id: 'FapiaoTitle' });

const TitleInput = z
  .strictObject({
    ...titleFields,
    tax_number: TaxNumber.optional(),
    address: titleFields.address.unwrap().optional(),
    phone: Phone.optional(),
    bank: titleFields.bank.unwrap().optional(),
    account: BankAccount.optional(),
  })
  .refine(({ kind, tax_number }) => kind === 'individual' || tax_number !== undefined, {
    message: 'Give the company’s tax number.',
    path: ['tax_number'],
  });

const FapiaoNumber = z
  .string()
  .trim()
  .regex(/^\d{8,20}$/, 'Write the fapiao’s number in 8 to 20 digits.');
const Code = z
  .string()
  .trim()
  .regex(/^(\d{10}|\d{12})$/, 'Write the fapiao’s code in 10 or 12 digits.')
  .meta({ description: 'Of one that has a code beside its number.' });

const FileFormat = z.enum(['pdf', 'ofd']);

export const Fapiao = z
  .object({
    id: z.string(),
    status: Status,
    vat,
    title: FapiaoTitle,
    currency: Currency,
    amount: Amount.meta({ description: 'With its tax.' }),
    invoices: z.array(
      z.object({ id: z.string(), number: z.string().nullable(), amount: Amount }).meta({
        description: 'What was paid of the invoice, less its credit notes.',
      }),
    ),
    code: z.string().nullable(),
    number: z.string().nullable(),
    issued_on: Day.nullable(),
    file: z.object({ format: FileFormat, bytes: z.number().int(), sha256: z.string() }).nullable(),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why it was rejected, or has to be reversed.' }),
    red_code: z.string().nullable(),
    red_number: z
      .string()
      .nullable()
      .meta({ description: 'Of the red-letter fapiao that reversed it.' }),
    reversed_on: Day.nullable(),
    requested_at: Instant,
    issued_at: Instant.nullable(),
    sent_at: Instant.nullable(),
    closed_at: Instant.nullable().meta({ description: 'When it was rejected or reversed.' }),
  })
  .meta({ id: 'Fapiao' });

export const OrganizationFapiao = Fapiao.extend({ organization: z.string() }).meta({
  id: 'OrganizationFapiao',
});

/** Why an invoice takes no fapiao. */
export const FapiaoBlock = z
  .enum(['not_paid', 'currency', 'from_wallet', 'nothing_left', 'on_fapiao'])
  .meta({
    description:
      '`from_wallet`: its money has a fapiao as a top-up. `on_fapiao`: one was asked for already. `currency`: not in this currency.',
  });

export const listFapiao = endpoint({
  operation: 'listFapiao',
  method: 'GET',
  path: '/api/v1/billing/fapiao',
  summary: 'Fapiao that the organization asked for, newest first.',
  query: PageQuery.extend({ invoice: z.string().max(100).optional() }),
  answer: pageOf(Fapiao),
});

export const getFapiao = endpoint({
  operation: 'getFapiao',
  method: 'GET',
  path: '/api/v1/billing/fapiao/{id}',
  summary: 'One fapiao.',
  params: IdParams,
  answer: Fapiao,
});

export const downloadFapiao = endpoint({
  operation: 'downloadFapiao',
  method: 'GET',
  path: '/api/v1/billing/fapiao/{id}/file',
  summary: 'The file of a fapiao that was issued, PDF or OFD.',
  params: IdParams,
});

export const listFapiaoInvoices = endpoint({
  operation: 'listFapiaoInvoices',
  method: 'GET',
  path: '/api/v1/billing/fapiao-invoices',
  summary:
    'Paid invoices, newest first, with what a fapiao for each would come to, or why there is none.',
  query: PageQuery.extend({ invoice: z.string().max(100).optional() }),
  answer: pageOf(
    z
      .object({
        id: z.string(),
        number: z.string().nullable(),
        kind: z.string(),
        paid_at: Instant.nullable(),
        currency: Currency,
        total: Amount,
        amount: Amount,
        block: FapiaoBlock.nullable(),
        fapiao: z.string().nullable().meta({ description: 'The one it is on.' }),
      })
      .meta({ id: 'FapiaoInvoice' }),
  ),
});

export const getFapiaoTitle = endpoint({
  operation: 'getFapiaoTitle',
  method: 'GET',
  path: '/api/v1/billing/fapiao-title',
  summary: 'The title that the organization’s last fapiao was asked for with.',
  answer: z.object({ vat, title: FapiaoTitle.nullable() }),
});

export const requestFapiao = endpoint({
  operation: 'requestFapiao',
  method: 'POST',
  path: '/api/v1/billing/fapiao',
  summary: 'Asks for one fapiao for paid invoices of one currency, and remembers its title.',
  body: z
    .strictObject({
      invoices: z
        .array(z.string().min(1).max(100))
        .min(1, 'Name at least one invoice.')
        .max(50, 'Name at most 50 invoices.'),
      vat,
      title: TitleInput,
    })
    .superRefine(({ vat: kind, title }, context) => {
      if (kind !== 'special') return;
      const refuse = (message: string, path: string[]) =>
        context.addIssue({ code: 'custom', message, path });
      if (title.kind !== 'company') {
        return refuse('Only a company gets a special VAT fapiao.', ['vat']);
      }
      for (const field of ['address', 'phone', 'bank', 'account'] as const) {
        if (title[field] === undefined) {
          refuse('A special VAT fapiao needs the company’s address, phone, bank and account.', [
            'title',
            field,
          ]);
        }
      }
    }),
  answer: Fapiao,
  status: 201,
  idempotent: true,
  refusals: ['invalid_state', 'rule_violated', 'currency_unsupported'],
  example: {
    invoices: ['inv_01'],
    vat: 'general',
    title: {
      kind: 'company',
      name: '示例科技有限公司',
      tax_number: '91310000MA1K35X12A',
      email: 'books@example.com',
    },
  },
});

export const searchFapiao = endpoint({
  operation: 'searchFapiao',
  method: 'GET',
  path: '/api/v1/admin/fapiao',
  summary:
    'Fapiao of all organizations, newest first; those that wait for an operator oldest first.',
  query: PageQuery.extend({
    status: z.enum(fapiaoStatuses).optional(),
    organization: z.string().max(100).optional(),
    q: z.string().trim().min(1).max(100).optional().meta({ description: 'The number, whole.' }),
    waiting: z.literal('true').optional().meta({
      description: 'Only those that have to be issued, sent or reversed, the oldest first.',
    }),
  }),
  answer: pageOf(OrganizationFapiao),
});

export const inspectFapiao = endpoint({
  operation: 'inspectFapiao',
  method: 'GET',
  path: '/api/v1/admin/fapiao/{id}',
  summary: 'One fapiao of any organization.',
  params: IdParams,
  answer: OrganizationFapiao,
});

export const inspectFapiaoFile = endpoint({
  operation: 'inspectFapiaoFile',
  method: 'GET',
  path: '/api/v1/admin/fapiao/{id}/file',
  summary: 'The file of a fapiao of any organization.',
  params: IdParams,
});

export const issueFapiao = endpoint({
  operation: 'issueFapiao',
  method: 'POST',
  path: '/api/v1/admin/fapiao/{id}/issue',
  summary: 'Records that a fapiao was issued, with its number and file; again until it is sent.',
  params: IdParams,
  body: z.strictObject({
    amount: AmountPositive.meta({
      description: 'What it was issued over; refused where a credit note has changed that since.',
    }),
    number: FapiaoNumber,
    code: Code.optional(),
    issued_on: Day,
    file: z.strictObject({
      format: FileFormat,
      content: z
        .string()
        .min(1, 'Add the file.')
        .max(base64LengthMax, 'Add a file of at most 1 MiB.')
        .meta({ description: 'Base64; at most 1 MiB before that.' }),
    }),
  }),
  bodyBytesMax: base64LengthMax + 4096,
  answer: OrganizationFapiao,
  idempotent: true,
  refusals: ['invalid_state', 'conflict', 'already_exists', 'rule_violated'],
  example: {
    amount: '199.00',
    number: '26312000000012345678',
    issued_on: '2026-03-02',
    file: { format: 'pdf', content: 'JVBERi0xLjcKJcK1wrYKCg==' },
  },
});

export const sendFapiao = endpoint({
  operation: 'sendFapiao',
  method: 'POST',
  path: '/api/v1/admin/fapiao/{id}/send',
  summary: 'Mails the fapiao’s file to the address that was asked for; again where it got lost.',
  params: IdParams,
  body: z.strictObject({}),
  answer: OrganizationFapiao,
  idempotent: true,
  refusals: ['invalid_state'],
  example: {},
});

export const rejectFapiao = endpoint({
  operation: 'rejectFapiao',
  method: 'POST',
  path: '/api/v1/admin/fapiao/{id}/reject',
  summary: 'Declines a fapiao that was asked for and says why; its invoices are free again.',
  params: IdParams,
  body: z.strictObject({ reason: Reason }),
  answer: OrganizationFapiao,
  idempotent: true,
  refusals: ['invalid_state'],
  example: { reason: 'The tax number does not belong to this company.' },
});

export const reverseFapiao = endpoint({
  operation: 'reverseFapiao',
  method: 'POST',
  path: '/api/v1/admin/fapiao/{id}/reverse',
  summary: 'Records the red-letter fapiao that reverses this one; its invoices are free again.',
  params: IdParams,
  body: z.strictObject({
    number: FapiaoNumber,
    code: Code.optional(),
    reversed_on: Day,
    reason: Reason.optional(),
  }),
  answer: OrganizationFapiao,
  idempotent: true,
  refusals: ['invalid_state', 'already_exists', 'rule_violated'],
  example: { number: '26312000000012345679', reversed_on: '2026-04-01' },
});
