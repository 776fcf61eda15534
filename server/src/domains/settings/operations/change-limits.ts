import { type Context, inTransaction } from '../../../platform/context.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

const names = ['past_due_grace_days', 'sign_ups_per_hour', 'forgotten_passwords_per_hour'] as const;
type Limits = Record<(typeof names)[number], number>;

/** Sets what the deployment allows whom it does not know, or who owes; what is left out stays. Answers all in force. */
export async function changeLimits(
  context: Context,
  changes: { [Name in keyof Limits]?: number | undefined },
): Promise<Limits> {
  return inTransaction(context, async (transaction) => {
    for (const name of names) {
      const value = changes[name];
      if (value !== undefined) await writeSetting(context, transaction, name, value);
    }
    const values = [];
    for (const name of names) values.push([name, await readSetting(transaction, name)] as const);
    return Object.fromEntries(values) as Limits;
  });
}
