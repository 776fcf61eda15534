import { randomInt } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { findOpenCharge } from '../charges-store.ts';
import type { Attempt, AttemptPayer } from '../core/attempt.ts';
import type { PaymentMethod } from '../core/method.ts';
import { ownAddress } from '../core/public-address.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { findMethod } from '../methods-store.ts';
import type { Connection, Means, PaymentProvider } from '../provider.ts';
import { insertAttempt } from '../store.ts';
import { requireNotHeld } from './hold-payments.ts';
import { loadProvider } from './load-provider.ts';

export interface OpenAttemptCommand {
  organizationId: string;
  invoiceId: string;
  amount: MinorMoney;
  /** Null only where a stored method is charged. */
  provider: string | null;
  /** By which of the provider's means; its usual one when left out. */
  means?: string | undefined;
  /** Whether the method is kept for later. */
  savesMethod?: boolean | undefined;
  /** A stored method that is charged without the payer, at its own provider. */
  methodId?: string | undefined;
  /** Whether we begin it, with nobody waiting on a page for it. */
  isAutomatic?: boolean;
  /** Who is billed, as the invoice says it. */
  payer?: { email: string | null; locale: 'en' | 'zh-CN' };
  /** What the payer reads at the provider. */
  title: string;
  /** Where the payer comes back to; the payment's own page when left out. */
  returnUrl: string | undefined;
  expiresAt: Date;
}

/**
 * A charge whose outcome is not known is repeated under its own number for so long, well within the shortest memory
 * that a provider has for numbers (PayPal's, six hours).
 */
const chargeTermMs = 3 * 3_600_000;

/**
 * Writes down that a payment will be tried, with its price at the provider. The provider is called by `startPayment`,
 * after the commit: money that comes always finds its attempt.
 * @throws Refusal `payments_on_hold`, `provider_unavailable`, `currency_unsupported`, `rule_violated`, `not_found`,
 * `invalid_state`.
 */
export async function openAttempt(
  context: Context,
  transaction: Transaction,
  command: OpenAttemptCommand,
): Promise<string> {
  await requireNotHeld(transaction, command.organizationId);
  const method = await requireMethod(transaction, command);
  const { provider, connection } = await requireProvider(
    context,
    transaction,
    method?.provider ?? command.provider,
  );
  if (method) await requireChargeable(transaction, { method, connection, command });
  const quote = connection.quote(command.amount);
  if (!quote) {
    const amount = `${formatMinor(command.amount)} ${command.amount.currency}`;
    throw new Refusal(
      'currency_unsupported',
      `${provider.name} cannot collect ${amount}: choose another provider.`,
      { param: 'provider' },
    );
  }
  // A stored method is its own means.
  const { means, savesMethod } = method
    ? { means: undefined, savesMethod: false }
    : readMeans(provider, connection, command);
  const attempt: Attempt = {
    ...newAttempt(context, { ...command, provider: provider.id }),
    ...quote,
    merchant: connection.merchant,
    ...{ means: means?.id ?? null, savesMethod, methodId: method?.id ?? null },
    isAutomatic: command.isAutomatic ?? false,
    payer: payerOf(context, command, means),
    returnUrl: readReturnUrl(context, command.returnUrl),
    expiresAt: method ? chargeTerm(context, command) : command.expiresAt,
  };
  const { finds } = provider.capabilities;
  const firstQueryAt = finds ? nextQueryAt(context.clocks.wall(), 0) : null;
  await insertAttempt(transaction, { attempt, nextQueryAt: firstQueryAt });
  return attempt.id;
}

async function requireMethod(
  transaction: Transaction,
  { methodId, organizationId }: OpenAttemptCommand,
): Promise<PaymentMethod | undefined> {
  if (methodId === undefined) return undefined;
  const method = await findMethod(transaction, methodId);
  if (method?.organizationId === organizationId && method.status === 'active') return method;
  throw notFound('payment method', 'payment_method_id');
}

/** @throws Refusal `provider_unavailable`. */
export async function requireProvider(
  context: Context,
  executor: Executor,
  id: string | null,
): Promise<{ provider: PaymentProvider; connection: Connection }> {
  const loaded = id === null ? undefined : await loadProvider(context, executor, id);
  if (loaded?.enabled && loaded.connection) {
    return { provider: loaded.provider, connection: loaded.connection };
  }
  throw new Refusal('provider_unavailable', 'Choose a payment provider that is on offer.', {
    param: 'provider',
  });
}

/** The invoice is new or locked: of two charges at once the second finds the first. */
async function requireChargeable(
  transaction: Transaction,
  {
    method,
    connection,
    command,
  }: { method: PaymentMethod; connection: Connection; command: OpenAttemptCommand },
): Promise<void> {
  if (!connection.methods || connection.merchant !== method.merchant) {
    throw new Refusal(
      'provider_unavailable',
      `${method.label} cannot be charged any more: remove it and pay another way.`,
      { param: 'payment_method_id' },
    );
  }
  if (!(await findOpenCharge(transaction, command.invoiceId))) return;
  throw new Refusal(
    'invalid_state',
    'This is being charged already: wait until its outcome is known.',
    { param: 'payment_method_id' },
  );
}

/** @throws Refusal `rule_violated`. */
export function readMeans(
  provider: PaymentProvider,
  connection: Connection,
  wanted: Pick<OpenAttemptCommand, 'means' | 'savesMethod'>,
): { means: Means | undefined; savesMethod: boolean } {
  const means = provider.means?.find(({ id }) => id === wanted.means);
  if (wanted.means !== undefined && !means) {
    const names = provider.means?.map(({ id }) => id).join(', ') || 'none: leave it out';
    throw new Refusal('rule_violated', `${provider.name} has these means: ${names}.`, {
      param: 'means',
    });
  }
  const savesMethod = wanted.savesMethod ?? false;
  if (savesMethod && !connection.methods) {
    throw new Refusal('rule_violated', `${provider.name} keeps no payment methods here.`, {
      param: 'save_method',
    });
  }
  return { means: means ?? provider.means?.[0], savesMethod };
}

function payerOf(
  context: Context,
  { payer }: OpenAttemptCommand,
  means: Means | undefined,
): AttemptPayer | null {
  const address = means?.wantsAddress ? context.actor.ip : null;
  if (!payer && address === null) return null;
  return { email: null, locale: context.config.locale, ...payer, address };
}

function chargeTerm(context: Context, { expiresAt }: OpenAttemptCommand): Date {
  const own = new Date(context.clocks.business().getTime() + chargeTermMs);
  return own < expiresAt ? own : expiresAt;
}

/** A pending attempt that costs the payer exactly the amount; nothing of it is stored yet. */
export function newAttempt(
  context: Context,
  command: Pick<OpenAttemptCommand, 'organizationId' | 'invoiceId' | 'amount' | 'title'> & {
    provider: string;
  },
): Attempt {
  const createdAt = context.clocks.business();
  return {
    id: newId('pay', createdAt),
    number: newNumber(),
    organizationId: command.organizationId,
    invoiceId: command.invoiceId,
    provider: command.provider,
    merchant: command.provider,
    title: command.title,
    amount: command.amount,
    charged: command.amount,
    rate: '1',
    status: 'pending',
    next: { type: 'none' },
    returnUrl: null,
    reference: null,
    means: null,
    savesMethod: false,
    ...{ methodId: null, isAutomatic: false, payer: null },
    declineCode: null,
    isProcessing: false,
    providerTransaction: null,
    refundedMinor: 0n,
    queries: 0,
    createdAt,
    expiresAt: null,
    settledAt: null,
  };
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const numberLength = 24;

/** 124 random bits in letters and digits that every provider takes. */
export function newNumber(): string {
  return Array.from({ length: numberLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const returnUrlLengthMax = 100;

export function readReturnUrl(context: Context, returnUrl: string | undefined): string | null {
  if (returnUrl === undefined) return null;
  const address = ownAddress(returnUrl, context.config.publicUrl);
  if (address !== undefined && address.length <= returnUrlLengthMax) return address;
  throw new Refusal(
    'rule_violated',
    `Come back to an address of this site, of at most ${returnUrlLengthMax} characters.`,
    { param: 'return_url' },
  );
}
