/** Money: wallets are filled, invoices are paid in time, late or never, and operators correct what was wrong. */
import { all, type Json } from './client.ts';
import type { Customer } from './customer.ts';
import { randomOf } from './random.ts';
import { attempt, count, type Story } from './story.ts';

const dayMs = 86_400_000;
/** After so long nobody expects a payment any more. */
const givenUpDays = 60;

/** A wallet is filled when it is kept full, and now and then where it is not. */
export async function fillWallet(story: Story, customer: Customer): Promise<void> {
  const { habits, random } = customer;
  if (habits.pays === 'transfer') return;
  const isFull = habits.pays === 'full_wallet';
  if (!random.chance(isFull ? 1 / 10 : 1 / 25)) return;
  const amount = isFull ? random.integer(100, 900) : random.integer(5, 80);
  await transfer(story, 'top up', {
    organization: customer.organizationId,
    amount: `${amount}.${random.integer(10, 99)}`,
    currency: 'USD',
  });
}

/** Every open invoice for a service: whoever was asked pays by habit. */
export async function payInvoices(story: Story): Promise<void> {
  const customers = new Map(story.customers.map((one) => [one.organizationId, one]));
  const open = await all(story.world.operator, '/api/v1/admin/invoices?status=open');
  // Ids are random within an instant; customers are in one order always.
  const ordered = open
    .filter(({ kind }) => kind === 'subscription' || kind === 'manual')
    .map((invoice) => ({ invoice, customer: customers.get(invoice.organization) }))
    .sort((a, b) => (a.customer?.index ?? 0) - (b.customer?.index ?? 0) || byIssue(a, b));
  for (const { invoice, customer } of ordered) {
    if (customer && paysNow(customer, invoice, story)) await pay(story, customer, invoice);
  }
}

function byIssue(a: { invoice: Json }, b: { invoice: Json }): number {
  return a.invoice.number < b.invoice.number ? -1 : 1;
}

function paysNow({ habits, random }: Customer, invoice: Json, { world }: Story): boolean {
  const ageDays = (world.now().getTime() - new Date(invoice.issued_at).getTime()) / dayMs;
  if (habits.promptness === 'prompt') return random.chance(0.7);
  if (habits.promptness === 'late') return ageDays > 1 && random.chance(0.12);
  return false;
}

/** By transfer, named as such, or through the wallet. */
async function pay(story: Story, customer: Customer, invoice: Json): Promise<void> {
  const { organizationId: organization, client, random } = customer;
  const money = { organization, amount: invoice.due, currency: invoice.currency };
  if (random.chance(0.5)) {
    await transfer(story, 'pay by transfer', { ...money, invoice: invoice.id });
    return;
  }
  await transfer(story, 'top up', money);
  const path = `/api/v1/billing/invoices/${invoice.id}/pay`;
  await attempt(story, 'pay from wallet', client.post(path, { provider: 'wallet' }));
}

async function transfer(story: Story, what: string, money: object): Promise<void> {
  const body = { ...money, note: 'Bank transfer' };
  await attempt(story, what, story.world.operator.post('/api/v1/admin/payments/manual', body));
}

/** Once a day an operator corrects an invoice or two, and gives up on what is long overdue. */
export async function correctInvoices(story: Story): Promise<void> {
  const { operator } = story.world;
  const random = randomOf(story.seed, `operator ${story.world.now().toISOString()}`);
  const since = new Date(story.world.now().getTime() - 3 * dayMs).toISOString();
  const recent = await all(operator, `/api/v1/admin/invoices?from=${since}`);
  const organizations = new Map(story.customers.map((one) => [one.organizationId, one.index]));
  const paid = recent
    .filter(({ status, kind, total }) => status === 'paid' && kind !== 'top_up' && total !== '0.00')
    .sort(
      (a, b) =>
        Number(organizations.get(a.organization)) - Number(organizations.get(b.organization)) ||
        byIssue({ invoice: a }, { invoice: b }),
    );
  if (paid.length > 0 && random.chance(0.3)) await credit(story, random.pick(paid), random.next());
  await giveUp(story);
}

/** The whole of it, its first line, or one unit of its money. */
async function credit(story: Story, invoice: Json, at: number): Promise<void> {
  const reason = 'Not as agreed';
  const part = at < 0.3 ? {} : at < 0.6 ? { lines: [{ position: 0 }] } : { amount: '1.00' };
  const path = `/api/v1/admin/invoices/${invoice.id}/credit-notes`;
  const answer = story.world.operator.post(path, { reason, ...part });
  const { status } = await answer;
  // What is left of the invoice may be less than that.
  if (status >= 400 && status < 500) return count(story, 'credit: refused');
  await attempt(story, 'credit', answer);
}

async function giveUp(story: Story): Promise<void> {
  const { operator } = story.world;
  const before = new Date(story.world.now().getTime() - givenUpDays * dayMs).toISOString();
  const lost = await all(operator, `/api/v1/admin/invoices?status=open&overdue=true&to=${before}`);
  for (const { id, kind } of lost) {
    if (kind !== 'subscription') continue;
    const path = `/api/v1/admin/invoices/${id}/write-off`;
    await attempt(story, 'write off', operator.post(path, { reason: 'No answer' }));
  }
}
