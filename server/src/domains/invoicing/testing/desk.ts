/** A billing desk for tests: a seller in a country with 25 % tax, customers as they are needed, an HTTP server in between. */
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import type { Caller } from '../../../platform/http/caller.ts';
import { createRoutes } from '../../../platform/http/routes.ts';
import { createLog } from '../../../platform/log.ts';
import { type Ratio, ratio } from '../../../platform/ratio.ts';
import { userCaller } from '../../../platform/testkit/callers.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import { type OtherProcess, startOtherProcess } from '../../../platform/testkit/other-process.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import type { Mail } from '../../delivery/index.ts';
import { ledgerListeners } from '../../ledger/index.ts';
import { changeSeller } from '../../settings/index.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import type { Invoice } from '../core/invoice.ts';
import type { NewLine } from '../core/line.ts';
import { registerInvoicing } from '../http.ts';
import { invoicingListeners } from '../listeners.ts';
import { changeBillingDetails } from '../operations/billing-details.ts';
import { issueInvoice } from '../operations/issue-invoice.ts';
import { recordManualPayment } from '../operations/record-manual-payment.ts';
import { createTaxRate } from '../operations/tax-rates.ts';
import { findInvoice } from '../store.ts';
import { openOrganization } from './shop.ts';

export interface Desk {
  db: TestDatabase;
  platform: TestPlatform;
  context: Context;
  /** One more customer, whose invoices go to `<id>@example.test`. */
  newCustomer(): Promise<string>;
  /** Issues an invoice for a service over so much before tax, and reads it as it was stored. */
  issue(
    organizationId: string,
    lines: bigint | readonly NewLine[],
    changes?: Partial<IssueInvoiceCommand>,
  ): Promise<Invoice>;
  read(invoiceId: string): Promise<Invoice>;
  /** Money from outside: for an invoice, else for the wallet. */
  pay(organizationId: string, amount: string, invoiceId?: string): Promise<unknown>;
  /** Mails to a customer, or to another name before the `@`; the oldest first. */
  mailsTo(name: string): Promise<Mail[]>;
  /** A request of the owner of a customer; of an administrator of the deployment where none is named. */
  ask(options: InjectOptions, organizationId?: string): Promise<LightMyRequestResponse>;
  /** A context of another process on the same database. */
  otherProcess(): OtherProcess;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const db = await createTestDatabase();
  const platform = testPlatform(db, { listeners: [...ledgerListeners, ...invoicingListeners] });
  const context = testContext(platform);
  await inTransaction(context, (transaction) =>
    changeSeller(context, transaction, { country: 'DE' }),
  );
  await createTaxRate(context, { country: 'DE', name: 'MwSt', rate: '25' });
  const { app, ask } = await serve(platform);
  const read = async (invoiceId: string) => {
    const invoice = await findInvoice(db.database, invoiceId);
    if (!invoice) throw new Error(`there is no invoice ${invoiceId}`);
    return invoice;
  };
  let customers = 0;
  return {
    ...{ db, platform, context, ask, read },
    async newCustomer() {
      customers += 1;
      const id = `org_desk${customers}`;
      await openOrganization(context, id);
      await changeBillingDetails(context, id, { invoiceEmail: `${id}@example.test` });
      return id;
    },
    async issue(organizationId, lines, changes) {
      const { id } = await inTransaction(context, (transaction) =>
        issueInvoice(context, transaction, {
          ...{ organizationId, kind: 'subscription', currency: 'USD' },
          lines: typeof lines === 'bigint' ? [serviceLine(ratio(lines))] : lines,
          ...changes,
        }),
      );
      return read(id);
    },
    pay: (organizationId, amount, invoiceId) =>
      recordManualPayment(context, {
        ...{ organizationId, invoiceId, amount, currency: 'USD', note: 'Bank transfer' },
      }),
    mailsTo: (name) => mailsTo(context, name),
    otherProcess: () => startOtherProcess(db, platform),
    async close() {
      await app.close();
      await db.close();
    },
  };
}

/** A line that is taxed and may be discounted; the amount is in minor units. */
export function serviceLine(amount: Ratio, changes: Partial<NewLine> = {}): NewLine {
  return {
    kind: 'subscription',
    text: { code: 'plan', params: { plan: 'Pro', from: '2026-03-01', to: '2026-03-31' } },
    ...{ quantity: ratio(1n), unitAmount: amount, amount, isTaxed: true, isDiscountable: true },
    ...changes,
  };
}

async function serve(platform: TestPlatform): Promise<{ app: FastifyInstance; ask: Desk['ask'] }> {
  const { config, clocks } = platform;
  const app = await createHttpApp({ config, clocks, log: createLog('silent') });
  let caller: Caller = { kind: 'anonymous' };
  const routes = createRoutes(app, { platform, authenticate: async () => caller });
  registerInvoicing(routes);
  await app.ready();
  return {
    app,
    ask(options, organizationId = 'org_operators') {
      caller = userCaller({
        userId: 'usr_desk',
        organizationId,
        ...(organizationId === 'org_operators' ? { platformRole: 'admin' } : {}),
      });
      return app.inject(options);
    },
  };
}

type Messages = { delivery_messages: { id: string; sealed_content: string } };

async function mailsTo({ database, sealer }: Context, name: string): Promise<Mail[]> {
  const rows = await database
    .withTables<Messages>()
    .selectFrom('delivery_messages')
    .select(['id', 'sealed_content'])
    .orderBy('id')
    .execute();
  return rows
    .map((row): Mail => JSON.parse(sealer.open(row.sealed_content, `delivery:${row.id}`)))
    .filter(({ to }) => to.startsWith(`${name}@`));
}
