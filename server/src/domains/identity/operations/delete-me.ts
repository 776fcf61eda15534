import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import type { PersonalData } from '../../../platform/personal-data.ts';
import { erasePerson } from './erase-person.ts';
import { type Person, type Proof, proveAgain } from './prove-again.ts';

/**
 * Deletes an account at once, with its own organization. Whoever keeps money or contracts refuses while something is owed.
 * @throws Refusal `proof_required`, `proof_invalid`, `last_owner`, `last_admin`, `money_owed`, `subscription_live`,
 * `too_many_requests`.
 */
export async function deleteMe(
  context: Context,
  person: Person,
  { proof, offers }: { proof: Proof; offers: readonly PersonalData[] },
): Promise<void> {
  await proveAgain(context, person, { proof, need: 'strong' });
  const { userId } = person;
  const isErased = await inTransaction(context, (transaction) =>
    erasePerson(context, transaction, { userId, offers }),
  );
  invariant(isErased, 'a session belongs to a person');
}
