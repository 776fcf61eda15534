/** Fapiao as the contract shows them. */
import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/fapiao';
import { formatMinor } from '../../../platform/money.ts';
import type { Fapiao, FapiaoTitle } from './fapiao.ts';

export function presentFapiao(fapiao: Fapiao): AnswerOf<typeof endpoints.getFapiao> {
  const wire = (minor: bigint) => formatMinor({ minor, currency: fapiao.currency });
  return {
    id: fapiao.id,
    status: fapiao.status,
    vat: fapiao.vat,
    title: presentTitle(fapiao.title),
    currency: fapiao.currency,
    amount: wire(fapiao.amountMinor),
    invoices: fapiao.invoices.map(({ id, number, amountMinor }) => ({
      ...{ id, number },
      amount: wire(amountMinor),
    })),
    code: fapiao.code,
    number: fapiao.number,
    issued_on: fapiao.issuedOn,
    file: fapiao.file,
    reason: fapiao.reason,
    red_code: fapiao.redCode,
    red_number: fapiao.redNumber,
    reversed_on: fapiao.reversedOn,
    requested_at: fapiao.requestedAt.toISOString(),
    issued_at: fapiao.issuedAt?.toISOString() ?? null,
    sent_at: fapiao.sentAt?.toISOString() ?? null,
    closed_at: fapiao.closedAt?.toISOString() ?? null,
  };
}

export function presentOrganizationFapiao(
  fapiao: Fapiao,
): AnswerOf<typeof endpoints.inspectFapiao> {
  return { ...presentFapiao(fapiao), organization: fapiao.organizationId };
}

export function presentTitle({ taxNumber, ...title }: FapiaoTitle) {
  return { ...title, tax_number: taxNumber };
}

/** An individual has no tax number: one that was typed before the kind was changed is left behind. */
export function readTitle(input: BodyOf<typeof endpoints.requestFapiao>['title']): FapiaoTitle {
  const { kind, name, email, tax_number, address, phone, bank, account } = input;
  return {
    ...{ kind, name, email },
    taxNumber: kind === 'company' ? (tax_number ?? null) : null,
    address: address ?? null,
    phone: phone ?? null,
    bank: bank ?? null,
    account: account ?? null,
  };
}
