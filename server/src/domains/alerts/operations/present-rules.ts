import type * as endpoints from '@sluice/contract/alert-rules';
import { type AlertMetric, alertMetrics } from '@sluice/contract/alert-rules';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { unitOf, writeFigure } from '../core/figures.ts';
import type { Firing, Rule } from '../core/rule.ts';

export type RuleView = AnswerOf<typeof endpoints.createAlertRule>;
export type FiringView = AnswerOf<typeof endpoints.listAlertFirings>['data'][number];
type MetricView = AnswerOf<typeof endpoints.listAlertMetrics>['data'][number];

/** Payments are counted in the currency that things are sold in, usage in its own. */
export function currencyOf(
  { config }: Pick<Context, 'config'>,
  metric: AlertMetric,
): string | null {
  if (unitOf(metric) !== 'amount') return null;
  return metric === 'payments_received' ? config.currency : config.usageCurrency;
}

export function presentMetrics(context: Context): MetricView[] {
  return (Object.keys(alertMetrics) as AlertMetric[]).map((metric) => ({
    ...{ metric, ...alertMetrics[metric], currency: currencyOf(context, metric) },
  }));
}

export function presentRule(context: Context, rule: Rule, firing: Firing | undefined): RuleView {
  const { metric } = rule;
  const figure = (of: bigint | null) => (of === null ? null : writeFigure(metric, of));
  return {
    id: rule.id,
    name: rule.name,
    metric,
    unit: unitOf(metric),
    grain: alertMetrics[metric].grain,
    currency: currencyOf(context, metric),
    window_minutes: rule.windowMinutes,
    condition: rule.condition,
    threshold: figure(rule.threshold),
    deviations: rule.deviations,
    samples_min: rule.samplesMin,
    enabled: rule.enabled,
    mails_operators: rule.mailsOperators,
    mail_addresses: rule.mailAddresses,
    webhook:
      rule.webhookOrigin === null ? null : { url: rule.webhookOrigin, signed: rule.webhookSigned },
    quiet_minutes: rule.quietMinutes,
    silenced_until: rule.silencedUntil?.toISOString() ?? null,
    built_in: rule.builtIn,
    evaluated_at: rule.evaluatedAt?.toISOString() ?? null,
    value: figure(rule.value),
    samples: rule.samples === null ? null : Number(rule.samples),
    problem: rule.problem,
    firing: firing ? presentFiring(context, firing) : null,
  };
}

export function presentFiring(context: Context, firing: Firing): FiringView {
  const { metric } = firing;
  const figure = (of: bigint) => writeFigure(metric, of);
  return {
    id: firing.id,
    rule: firing.ruleId,
    name: firing.name,
    metric,
    unit: unitOf(metric),
    currency: currencyOf(context, metric),
    condition: firing.condition,
    limit: figure(firing.limit),
    expected: firing.expected === null ? null : figure(firing.expected),
    value: figure(firing.value),
    worst: figure(firing.worst),
    fired_at: firing.firedAt.toISOString(),
    resolved_at: firing.resolvedAt?.toISOString() ?? null,
    resolved_value: firing.resolvedValue === null ? null : figure(firing.resolvedValue),
    told_at: firing.toldAt?.toISOString() ?? null,
  };
}
