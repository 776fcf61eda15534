import { randomInt } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import type { Attempt } from '../core/attempt.ts';
import { ownAddress } from '../core/public-address.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { insertAttempt } from '../store.ts';
import { loadProvider } from './load-provider.ts';

export interface OpenAttemptCommand {
  organizationId: string;
  invoiceId: string;
  amount: MinorMoney;
  provider: string;
  /** What the payer reads at the provider. */
  title: string;
  /** Where the payer comes back to; the payment's own page when left out. */
  returnUrl: string | undefined;
  expiresAt: Date;
}

/**
 * Writes down that a payment will be tried, with its price at the provider. The provider is called by `startPayment`,
 * after the commit: money that comes always finds its attempt.
 * @throws Refusal `provider_unavailable`, `currency_unsupported`, `rule_violated`.
 */
export async function openAttempt(
  context: Context,
  transaction: Transaction,
  command: OpenAttemptCommand,
): Promise<string> {
  const loaded = await loadProvider(context, transaction, command.provider);
  if (!loaded?.enabled || !loaded.connection) {
    throw new Refusal('provider_unavailable', 'Choose a payment provider that is on offer.', {
      param: 'provider',
    });
  }
  const quote = loaded.connection.quote(command.amount);
  if (!quote) {
    const amount = `${formatMinor(command.amount)} ${command.amount.currency}`;
    throw new Refusal(
      'currency_unsupported',
      `${loaded.provider.name} cannot collect ${amount}: choose another provider.`,
      { param: 'provider' },
    );
  }
  const attempt: Attempt = {
    ...newAttempt(context, command),
    ...quote,
    merchant: loaded.connection.merchant,
    returnUrl: readReturnUrl(context, command.returnUrl),
    expiresAt: command.expiresAt,
  };
  const { finds } = loaded.provider.capabilities;
  const firstQueryAt = finds ? nextQueryAt(context.clocks.wall(), 0) : null;
  await insertAttempt(transaction, { attempt, nextQueryAt: firstQueryAt });
  return attempt.id;
}

/** A pending attempt that costs the payer exactly the amount; nothing of it is stored yet. */
export function newAttempt(
  context: Context,
  command: Omit<OpenAttemptCommand, 'returnUrl' | 'expiresAt'>,
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
    declineCode: null,
    isProcessing: false,
    providerTransaction: null,
    queries: 0,
    createdAt,
    expiresAt: null,
    settledAt: null,
  };
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const numberLength = 24;

/** 124 random bits in letters and digits that every provider takes. */
function newNumber(): string {
  return Array.from({ length: numberLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const returnUrlLengthMax = 100;

function readReturnUrl(context: Context, returnUrl: string | undefined): string | null {
  if (returnUrl === undefined) return null;
  const address = ownAddress(returnUrl, context.config.publicUrl);
  if (address !== undefined && address.length <= returnUrlLengthMax) return address;
  throw new Refusal(
    'rule_violated',
    `Come back to an address of this site, of at most ${returnUrlLengthMax} characters.`,
    { param: 'return_url' },
  );
}
