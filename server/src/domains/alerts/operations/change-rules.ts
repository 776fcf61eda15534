import type * as endpoints from '@sluice/contract/alert-rules';
import { alertMetrics } from '@sluice/contract/alert-rules';
import type { BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { readFigure, writeFigure } from '../core/figures.ts';
import { comparesWithPast, type Rule } from '../core/rule.ts';
import {
  countRules,
  deleteRuleRow,
  insertRule,
  listOpenFirings,
  lockRule,
  saveFiring,
  saveRule,
} from '../rules-store.ts';
import { judgeWebhookUrl } from '../webhook-sender.ts';
import type { RuleView } from './present-rules.ts';
import { readRule, rulesMax } from './read-rules.ts';
import { webhookPurpose } from './tell-operators.ts';

type Creation = BodyOf<typeof endpoints.createAlertRule>;
type Change = BodyOf<typeof endpoints.updateAlertRule>;

/**
 * Adds a rule.
 * @throws Refusal `rule_violated` for one that could never be judged, an address that nothing may be sent to, and beyond
 * a hundred rules.
 */
export async function createRule(context: Context, command: Creation): Promise<RuleView> {
  const now = context.clocks.business();
  const rule = applyChange(context, blankRule(newId('alr', now), command), command);
  await inTransaction(context, async (transaction) => {
    if ((await countRules(transaction)) >= BigInt(rulesMax)) {
      throw new Refusal('rule_violated', `There are ${rulesMax} rules: remove one first.`);
    }
    await insertRule(transaction, rule);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'alert_rule.create',
      resource: { kind: 'alert_rule', id: rule.id },
      newValues: auditValues(rule),
    });
  });
  return readRule(context, rule.id);
}

/**
 * Changes a rule. One that watches something else from now on, or is switched off, is no longer firing.
 * @throws Refusal `not_found`, `rule_violated` as for a new one.
 */
export async function updateRule(context: Context, id: string, change: Change): Promise<RuleView> {
  await inTransaction(context, async (transaction) => {
    const before = await lockRule(transaction, id);
    if (!before) throw notFound('alert rule');
    const after = applyChange(context, before, change);
    const isOther = !after.enabled || after.metric !== before.metric;
    if (isOther) await closeFirings(context, transaction, id);
    await saveRule(
      transaction,
      isOther ? { ...after, evaluatedAt: null, value: null, samples: null, problem: null } : after,
    );
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'alert_rule.update',
      resource: { kind: 'alert_rule', id },
      oldValues: auditValues(before),
      newValues: auditValues(after),
    });
  });
  return readRule(context, id);
}

/** @throws Refusal `not_found`. */
export async function deleteRule(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const rule = await lockRule(transaction, id);
    if (!rule) throw notFound('alert rule');
    await closeFirings(context, transaction, id);
    await deleteRuleRow(transaction, id);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'alert_rule.delete',
      resource: { kind: 'alert_rule', id },
      oldValues: auditValues(rule),
    });
  });
}

async function closeFirings(
  context: Context,
  transaction: Parameters<typeof lockRule>[0],
  id: string,
): Promise<void> {
  const resolvedAt = context.clocks.business();
  for (const open of await listOpenFirings(transaction, id)) {
    await saveFiring(transaction, { ...open, resolvedAt, resolvedValue: null });
  }
}

function blankRule(id: string, command: Creation): Rule {
  return {
    ...{ id, name: null, metric: command.metric, windowMinutes: command.window_minutes },
    ...{ condition: command.condition, threshold: null, deviations: null, samplesMin: 0 },
    ...{ enabled: true, mailsOperators: true, mailAddresses: [], quietMinutes: 0 },
    ...{ sealedWebhook: null, webhookOrigin: null, webhookSigned: false, silencedUntil: null },
    ...{ builtIn: false, evaluatedAt: null, value: null, samples: null, problem: null },
  };
}

function applyChange(context: Context, before: Rule, change: Change): Rule {
  const metric = change.metric ?? before.metric;
  // A threshold is a figure of its metric: that of another one means nothing.
  const kept = metric === before.metric ? before.threshold : null;
  const threshold = change.threshold === undefined ? kept : readThreshold(metric, change.threshold);
  const rule: Rule = {
    ...before,
    ...{ metric, threshold },
    name: change.name === undefined ? before.name : change.name,
    windowMinutes: change.window_minutes ?? before.windowMinutes,
    condition: change.condition ?? before.condition,
    deviations: change.deviations === undefined ? before.deviations : change.deviations,
    samplesMin: change.samples_min ?? before.samplesMin,
    enabled: change.enabled ?? before.enabled,
    mailsOperators: change.mails_operators ?? before.mailsOperators,
    mailAddresses: [...new Set(change.mail_addresses ?? before.mailAddresses)],
    quietMinutes: change.quiet_minutes ?? before.quietMinutes,
    silencedUntil: instantOf(change.silenced_until, before.silencedUntil),
    ...(change.webhook !== undefined && sealWebhook(context, before.id, change.webhook)),
  };
  requireJudgeable(rule);
  return rule;
}

function instantOf(given: string | null | undefined, kept: Date | null): Date | null {
  if (given === undefined) return kept;
  return given === null ? null : new Date(given);
}

function readThreshold(metric: Rule['metric'], text: string | null): bigint | null {
  if (text === null) return null;
  const figure = readFigure(metric, text);
  if (figure === undefined) {
    throw new Refusal('rule_violated', 'Give a threshold that is as fine as the metric is.', {
      param: 'threshold',
    });
  }
  return figure;
}

/** @throws Refusal for what could never be told. */
function requireJudgeable(rule: Rule): void {
  const { grain } = alertMetrics[rule.metric];
  const no = (param: string, sentence: string) => new Refusal('rule_violated', sentence, { param });
  if (grain === 'hour' && rule.windowMinutes % 60 !== 0) {
    throw no('window_minutes', 'Give whole hours: this metric is summed by the hour.');
  }
  if (!comparesWithPast(rule)) {
    if (rule.threshold === null) throw no('threshold', 'Give the threshold.');
    return;
  }
  if (grain === 'now') {
    throw no('condition', 'This metric has no past: compare it with a threshold.');
  }
  if (rule.deviations === null) {
    throw no('deviations', 'Say how many deviations from the usual are too many.');
  }
}

function sealWebhook(
  context: Context,
  ruleId: string,
  webhook: NonNullable<Change['webhook']> | null,
): Pick<Rule, 'sealedWebhook' | 'webhookOrigin' | 'webhookSigned'> {
  if (webhook === null) return { sealedWebhook: null, webhookOrigin: null, webhookSigned: false };
  const { origin } = judgeWebhookUrl(webhook.url, context.config);
  const sealedWebhook = context.sealer.seal(JSON.stringify(webhook), webhookPurpose(ruleId));
  return { sealedWebhook, webhookOrigin: origin, webhookSigned: webhook.secret !== undefined };
}

/** Of a webhook only where it is: its path may be its secret. */
function auditValues(rule: Rule): Record<string, unknown> {
  return {
    name: rule.name,
    metric: rule.metric,
    window_minutes: rule.windowMinutes,
    condition: rule.condition,
    threshold: rule.threshold === null ? null : writeFigure(rule.metric, rule.threshold),
    deviations: rule.deviations,
    samples_min: rule.samplesMin,
    enabled: rule.enabled,
    mails_operators: rule.mailsOperators,
    mail_addresses: rule.mailAddresses,
    webhook: rule.webhookOrigin,
    quiet_minutes: rule.quietMinutes,
    silenced_until: rule.silencedUntil?.toISOString() ?? null,
  };
}
