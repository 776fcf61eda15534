/** Tells those whom a rule names, with the transaction that found something to tell: mails are queued, a post is too. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { queueMail } from '../../delivery/index.ts';
import { findOperators } from '../../identity/index.ts';
import { enqueueJob } from '../../jobs/index.ts';
import { unitOf, writeFigure } from '../core/figures.ts';
import type { Rule } from '../core/rule.ts';
import { newsMail, type RuleNews, sayNews } from '../core/wording.ts';
import { insertPost } from '../posts-store.ts';
import type { Message } from '../webhook-sender.ts';
import { currencyOf } from './present-rules.ts';

export const postJobName = 'alerts.post';

/** Nobody mails more operators than these; who has more uses a list's address. */
const operatorsMax = 100;

/** Answers how many mails are on their way. */
export async function mailNews(
  context: Context,
  transaction: Transaction,
  { rule, news }: { rule: Rule; news: RuleNews },
): Promise<number> {
  const { locale } = context.config;
  const recipients = new Map(rule.mailAddresses.map((email) => [email, locale]));
  if (rule.mailsOperators) {
    for (const operator of await findOperators(transaction, 'settings.read', operatorsMax)) {
      recipients.set(operator.email, operator.locale);
    }
  }
  for (const [email, language] of recipients) {
    await queueMail(context, transaction, { to: email, ...newsMail(news, language) });
  }
  return recipients.size;
}

export async function postNews(
  context: Context,
  transaction: Transaction,
  { rule, news }: { rule: Rule; news: RuleNews },
): Promise<void> {
  const message = messageOf(context, { rule, news });
  if (!message) return;
  const { id } = message;
  const sealedMessage = context.sealer.seal(JSON.stringify(message), postPurpose(id));
  const at = context.clocks.wall();
  await insertPost(transaction, { id, ruleId: rule.id, sealedMessage, at });
  await enqueueJob(transaction, postJobName, { id });
}

/** What a rule's webhook is sent; undefined where it has none. */
export function messageOf(
  context: Context,
  { rule, news }: { rule: Rule; news: RuleNews },
): Message | undefined {
  if (rule.sealedWebhook === null) return undefined;
  const webhook = context.sealer.open(rule.sealedWebhook, webhookPurpose(rule.id));
  const { url, secret } = JSON.parse(webhook) as { url: string; secret?: string };
  const at = context.clocks.wall();
  const figure = (of: bigint | null) => (of === null ? null : writeFigure(rule.metric, of));
  const body = JSON.stringify({
    type: `alert.${news.happening}`,
    timestamp: at.toISOString(),
    // What chat tools show of a message.
    text: `${sayNews(news, context.config.locale).sentence} ${news.link}`,
    data: {
      rule: rule.id,
      name: rule.name,
      metric: rule.metric,
      condition: rule.condition,
      window_minutes: rule.windowMinutes,
      ...{ value: figure(news.value), limit: figure(news.limit), expected: figure(news.expected) },
      unit: unitOf(rule.metric),
      currency: currencyOf(context, rule.metric),
    },
  });
  return { id: newId('alp', at), url, secret, body };
}

/** The sentence for a rule and what it found. */
export function newsOf(
  context: Context,
  rule: Rule,
  found: Pick<RuleNews, 'happening' | 'value' | 'limit' | 'expected'>,
): RuleNews {
  const { name, metric, condition, windowMinutes } = rule;
  const currency = currencyOf(context, metric) ?? '';
  const link = `${context.config.publicUrl}/admin/alerts`;
  return { name, metric, condition, windowMinutes, currency, link, ...found };
}

/** A sealed message opens only as the one it is. */
export function postPurpose(id: string): string {
  return `alerts:post:${id}`;
}

export function webhookPurpose(ruleId: string): string {
  return `alerts:webhook:${ruleId}`;
}
