import { randomBytes } from 'node:crypto';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { getInvite as endpoint } from '@sluice/contract/growth';
import type { Context } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import { formatNanos } from '../../../platform/money.ts';
import { startOfMonth } from '../../../platform/time.ts';
import { readSetting } from '../../settings/index.ts';
import { codeLength, codeOf } from '../core/code.ts';
import { countEarned, findCode, insertCode, sumEarned } from '../store.ts';

/** The organization's own code, made when it is first asked for, and what is earned by it. */
export async function getInvite(
  context: Context,
  organizationId: string,
): Promise<AnswerOf<typeof endpoint>> {
  const { database, config, clocks } = context;
  const code = await ensureCode(context, organizationId);
  const terms = await readSetting(database, 'referral_rules');
  const { earned, pending } = await sumEarned(database, organizationId);
  const month = startOfMonth(clocks.business(), config.timeZone);
  return {
    code,
    link: `${config.publicUrl}/sign-up?invite=${code}`,
    terms: { ...terms, currency: config.usageCurrency },
    earned: formatNanos(earned),
    pending,
    earned_this_month: await countEarned(database, organizationId, month),
  };
}

/** A code of 40 random bits that somebody has already is all but impossible. */
const triesMax = 5;

/** The organization's code, made where there is none. */
export async function ensureCode(context: Context, organizationId: string): Promise<string> {
  const { database } = context;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const known = await findCode(database, organizationId);
    if (known !== undefined) return known;
    const code = codeOf(randomBytes(codeLength));
    await insertCode(database, { organizationId, code, at: context.clocks.business() });
  }
  const code = await findCode(database, organizationId);
  invariant(code !== undefined, 'a free code was found');
  return code;
}
