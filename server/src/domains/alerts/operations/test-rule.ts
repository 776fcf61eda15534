import type { testAlertRule } from '@sluice/contract/alert-rules';
import type { AnswerOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { writeFigure } from '../core/figures.ts';
import { findRule } from '../rules-store.ts';
import { sendMessage } from '../webhook-sender.ts';
import { evaluateRule } from './evaluate-rules.ts';
import { mailNews, messageOf, newsOf } from './tell-operators.ts';

/**
 * Evaluates a rule now, whether it is switched on or not, and sends a message that is marked as a test. Nothing of it
 * stands in the history.
 * @throws Refusal `not_found`.
 */
export async function testRule(
  context: Context,
  id: string,
): Promise<AnswerOf<typeof testAlertRule>> {
  const rule = await findRule(context.database, id);
  if (!rule) throw notFound('alert rule');
  const { reading, judgment } = await evaluateRule(context, rule);
  const bounds = 'limit' in judgment ? judgment : { limit: null, expected: null };
  const value = reading?.value ?? null;
  const { limit, expected } = bounds;
  const news = newsOf(context, rule, { happening: 'test', value, limit, expected });
  const mails = await inTransaction(context, async (transaction) => {
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'alert_rule.test',
      resource: { kind: 'alert_rule', id },
      newValues: { standing: judgment.standing },
    });
    return mailNews(context, transaction, { rule, news });
  });
  const message = messageOf(context, { rule, news });
  const problem = message && (await sendMessage(context.config, message, context.clocks.wall()));
  const figure = (of: bigint | null) => (of === null ? null : writeFigure(rule.metric, of));
  return {
    ...{ value: figure(value), limit: figure(limit), expected: figure(expected) },
    samples: Number(reading?.samples ?? 0n),
    standing: judgment.standing,
    mails,
    webhook: message
      ? { ok: problem === undefined, message: problem ?? 'The webhook took the message.' }
      : null,
  };
}
