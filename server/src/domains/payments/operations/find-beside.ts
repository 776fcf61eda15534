import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { listOpenAttemptIds } from '../charges-store.ts';
import type { Attempt } from '../core/attempt.ts';
import { findAttempt } from '../store.ts';
import {
  type OpenAttemptCommand,
  readMeans,
  readReturnUrl,
  requireProvider,
} from './open-attempt.ts';

export type WantedOrder = Pick<
  OpenAttemptCommand,
  'invoiceId' | 'provider' | 'means' | 'savesMethod' | 'methodId' | 'returnUrl'
>;

/**
 * What somebody else has opened for an invoice since `seen` was listed: the very order that is wanted here, as where a
 * button is pressed twice, or another one. The caller has locked the invoice, so nothing comes to be beside it.
 * @throws Refusal as `openAttempt`.
 */
export async function findBeside(
  context: Context,
  transaction: Transaction,
  { wanted, seen }: { wanted: WantedOrder; seen: readonly string[] },
): Promise<{ kind: 'same' | 'another'; paymentId: string } | undefined> {
  const open = await listOpenAttemptIds(transaction, wanted.invoiceId);
  const paymentId = open.find((id) => !seen.includes(id));
  if (paymentId === undefined) return undefined;
  const attempt = await findAttempt(transaction, paymentId);
  const isSame = attempt && (await isWanted(context, transaction, { attempt, wanted }));
  return { kind: isSame ? 'same' : 'another', paymentId };
}

async function isWanted(
  context: Context,
  transaction: Transaction,
  { attempt, wanted }: { attempt: Attempt; wanted: WantedOrder },
): Promise<boolean> {
  // Whether a charge is under way is for whoever closes what is open to find out.
  if (wanted.methodId !== undefined || attempt.methodId !== null) return false;
  if (wanted.provider !== attempt.provider) return false;
  const { provider, connection } = await requireProvider(context, transaction, attempt.provider);
  const { means, savesMethod } = readMeans(provider, connection, wanted);
  return (
    attempt.means === (means?.id ?? null) &&
    attempt.savesMethod === savesMethod &&
    attempt.returnUrl === readReturnUrl(context, wanted.returnUrl)
  );
}
