/**
 * Judges every rule by stored rows, and tells of what is beyond. The job runs in one process of a cluster; should two of them
 * be at it all the same, the lock of the rule and the key of its open firing let it fire once.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { type Judgment, judge, pastDays } from '../core/judge.ts';
import { nextStep, type Step } from '../core/next-step.ts';
import { comparesWithPast, type Firing, type Reading, type Rule } from '../core/rule.ts';
import type { RuleNews } from '../core/wording.ts';
import { readMetric, windowOf } from '../metrics.ts';
import {
  findLastResolved,
  insertFiring,
  listOpenFirings,
  listRules,
  lockRule,
  saveFiring,
  saveReading,
} from '../rules-store.ts';
import { rulesMax } from './read-rules.ts';
import { mailNews, newsOf, postNews } from './tell-operators.ts';

const problemLengthMax = 300;

export interface Evaluation {
  reading: Reading | undefined;
  judgment: Judgment;
}

/** Answers how many rules fired, and how many were resolved. A rule that cannot be evaluated keeps none of the others. */
export async function evaluateRules(
  context: Context,
): Promise<{ fired: number; resolved: number }> {
  const counts = { fired: 0, resolved: 0 };
  for (const rule of await listRules(context.database, rulesMax)) {
    if (!rule.enabled) continue;
    const { kind } = await evaluateAndTell(context, rule);
    if (kind === 'fire') counts.fired += 1;
    if (kind === 'resolve') counts.resolved += 1;
  }
  return counts;
}

async function evaluateAndTell(context: Context, rule: Rule): Promise<Step> {
  try {
    return await takeStep(context, rule, await evaluateRule(context, rule));
  } catch (error) {
    context.log.error({ err: error, rule: rule.id }, 'an alert rule could not be evaluated');
    const problem = (error as Error).message.slice(0, problemLengthMax);
    await saveReading(context.database, { id: rule.id, at: context.clocks.business(), problem });
    return { kind: 'none' };
  }
}

/** What the rule's figure is now, and what it means. */
export async function evaluateRule(context: Context, rule: Rule): Promise<Evaluation> {
  const now = context.clocks.business();
  const reading = await readMetric(context, rule.metric, windowOf(rule, now));
  const past: Reading[] = [];
  for (let days = 1; comparesWithPast(rule) && days <= pastDays; days += 1) {
    const before = await readMetric(context, rule.metric, windowOf(rule, now, days));
    if (before) past.push(before);
  }
  return { reading, judgment: judge(rule, reading, past) };
}

async function takeStep(
  context: Context,
  seen: Rule,
  { reading, judgment }: Evaluation,
): Promise<Step> {
  return inTransaction(context, async (transaction) => {
    const rule = await lockRule(transaction, seen.id);
    // Somebody has just changed it: what was read is of another rule.
    if (!rule?.enabled || !isSame(rule, seen)) return { kind: 'none' };
    const now = context.clocks.business();
    await saveReading(transaction, { id: rule.id, at: now, reading });
    const [open] = await listOpenFirings(transaction, rule.id);
    const lastResolvedAt = await findLastResolved(transaction, rule.id);
    const step = nextStep({ rule, judgment, reading, open, lastResolvedAt, now });
    await keepStep(context, transaction, { rule, open, step, now });
    return step;
  });
}

function isSame(rule: Rule, seen: Rule): boolean {
  const watched = ({ metric, windowMinutes, condition, threshold, deviations, samplesMin }: Rule) =>
    [metric, windowMinutes, condition, threshold, deviations, samplesMin].join();
  return watched(rule) === watched(seen);
}

async function keepStep(
  context: Context,
  transaction: Transaction,
  { rule, open, step, now }: { rule: Rule; open: Firing | undefined; step: Step; now: Date },
): Promise<void> {
  const tell = async (found: Parameters<typeof newsOf>[2]) => {
    const news: RuleNews = newsOf(context, rule, found);
    await mailNews(context, transaction, { rule, news });
    await postNews(context, transaction, { rule, news });
  };
  if (step.kind === 'fire') {
    const { limit, expected, value, tells } = step;
    await insertFiring(transaction, {
      ...{ id: newId('alf', now), ruleId: rule.id, name: rule.name, metric: rule.metric },
      ...{ condition: rule.condition, limit, expected, value, worst: value, firedAt: now },
      ...{ toldAt: tells ? now : null, resolvedAt: null, resolvedValue: null },
    });
    if (tells) await tell({ happening: 'fired', value, limit, expected });
  }
  if (!open) return;
  const { limit, expected } = open;
  if (step.kind === 'go_on') {
    const { worst, tells } = step;
    await saveFiring(transaction, { ...open, worst, toldAt: tells ? now : open.toldAt });
    if (tells) await tell({ happening: 'fired', value: worst, limit, expected });
  }
  if (step.kind === 'resolve') {
    const { value, tells } = step;
    await saveFiring(transaction, { ...open, resolvedAt: now, resolvedValue: value });
    if (tells) await tell({ happening: 'resolved', value, limit, expected });
  }
}
