import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { MethodSetup } from '../core/method.ts';
import { nextQueryAt, pageQueryDistanceMs } from '../core/schedule.ts';
import { listActiveMethods, methodsMax } from '../methods-store.ts';
import { claimSetup, findSetup, insertSetup, saveSetupStart } from '../setups-store.ts';
import { requireNotHeld } from './hold-payments.ts';
import { loadProvider } from './load-provider.ts';
import { newNumber, readMeans, readReturnUrl, requireProvider } from './open-attempt.ts';
import { loadPayer } from './payer.ts';
import { querySetup } from './query-setup.ts';
import { notifyUrl } from './read-providers.ts';

export interface SetUpMethodCommand {
  organizationId: string;
  provider: string;
  means: string | undefined;
  returnUrl: string | undefined;
}

/** For so long a payer may take to store a method. */
const setupTermMs = 24 * 3_600_000;

/**
 * Starts storing a method without paying; the set-up is committed before the provider is called, like a payment.
 * @throws Refusal `payments_on_hold`, `provider_unavailable`, `rule_violated`.
 */
export async function setUpMethod(
  context: Context,
  command: SetUpMethodCommand,
): Promise<MethodSetup> {
  const { organizationId } = command;
  const setup = await inTransaction(context, async (transaction) => {
    await requireNotHeld(transaction, organizationId);
    const { provider, connection } = await requireProvider(context, transaction, command.provider);
    const { means } = readMeans(provider, connection, {
      ...{ means: command.means, savesMethod: true },
    });
    if ((await listActiveMethods(transaction, organizationId)).length >= methodsMax) {
      throw new Refusal('rule_violated', `Keep at most ${methodsMax} methods: remove one first.`);
    }
    const at = context.clocks.business();
    const opened: MethodSetup = {
      ...{ id: newId('pms', at), number: newNumber(), organizationId },
      ...{ provider: provider.id, merchant: connection.merchant, means: means?.id ?? null },
      currency: currencyOf(context, connection.currencies),
      ...{ status: 'pending', next: { type: 'none' } },
      returnUrl: readReturnUrl(context, command.returnUrl),
      ...{ reference: null, declineCode: null, methodId: null, queries: 0 },
      ...{ createdAt: at, expiresAt: new Date(at.getTime() + setupTermMs) },
    };
    const firstQueryAt = nextQueryAt(context.clocks.wall(), 0);
    await insertSetup(transaction, { setup: opened, nextQueryAt: firstQueryAt });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'payment_method.set_up',
      resource: { kind: 'payment_method_setup', id: opened.id },
      newValues: { provider: provider.id },
    });
    return opened;
  });
  return startSetup(context, setup);
}

/** What is stored has no currency; a provider that wants one is told the wallet's, or one that it takes. */
function currencyOf({ config }: Context, currencies: readonly string[] | null): string {
  const { usageCurrency } = config;
  if (currencies === null || currencies.includes(usageCurrency)) return usageCurrency;
  return currencies[0] ?? usageCurrency;
}

/** The number is the same on every try, so it is the same set-up at the provider. */
async function startSetup(context: Context, setup: MethodSetup): Promise<MethodSetup> {
  const { id, provider, number, means, expiresAt, currency } = setup;
  const loaded = await loadProvider(context, context.database, provider);
  const outcome = await loaded?.connection?.methods?.setUp({
    ...{ number, title: 'Payment method', means, expiresAt, currency },
    notifyUrl: notifyUrl(context, provider),
    returnUrl:
      setup.returnUrl ?? `${context.config.publicUrl}/billing/payment-methods?setup=${setup.id}`,
    payer: await loadPayer(context, { ...setup, payer: null }),
  });
  if (outcome?.status === 'pending') {
    await saveSetupStart(context.database, id, {
      ...{ status: 'pending', next: outcome.next, declineCode: null },
      reference: outcome.reference ?? null,
    });
  } else if (outcome?.status === 'declined') {
    await saveSetupStart(context.database, id, {
      ...{ status: 'failed', next: { type: 'none' }, reference: null },
      declineCode: outcome.code,
    });
  }
  return (await findSetup(context.database, { id })) ?? setup;
}

/**
 * A set-up of the organization. While it is open the provider is asked, at most every two seconds, and a start whose
 * outcome was lost is made up for.
 * @throws Refusal `not_found`.
 */
export async function getSetup(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<MethodSetup> {
  const setup = await findSetup(context.database, { id });
  if (setup?.organizationId !== organizationId) throw notFound('set-up of a payment method');
  const wall = context.clocks.wall();
  const notSince = new Date(wall.getTime() - pageQueryDistanceMs);
  if (await claimSetup(context.database, id, { wall, notSince })) await querySetup(context, setup);
  const now = (await findSetup(context.database, { id })) ?? setup;
  const isLost = now.status === 'pending' && now.next.type === 'none';
  return isLost ? startSetup(context, now) : now;
}
