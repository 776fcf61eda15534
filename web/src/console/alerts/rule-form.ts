/** A rule as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';

export type AlertRule = Answer<'createAlertRule'>;
export type AlertMetric = Answer<'listAlertMetrics'>['data'][number];
export type AlertFiring = Answer<'listAlertFirings'>['data'][number];
type RuleBody = Request<'createAlertRule'>['body'];

export const conditions = ['above', 'below', 'unusually_high', 'unusually_low'] as const;

export interface RuleForm {
  name?: string;
  metric: AlertRule['metric'];
  window_minutes: number;
  condition: AlertRule['condition'];
  threshold?: string;
  deviations?: number;
  samples_min: number;
  mails_operators: boolean;
  mail_addresses: string[];
  quiet_minutes: number;
  webhook_url?: string;
  webhook_secret?: string;
  /** Of a rule that has one: what is written replaces it. */
  drops_webhook?: boolean;
}

export const firstRule: Partial<RuleForm> = {
  metric: 'call_failure_rate',
  window_minutes: 15,
  condition: 'above',
  deviations: 8,
  samples_min: 50,
  mails_operators: true,
  mail_addresses: [],
  quiet_minutes: 60,
};

export function formOf(rule: AlertRule): Partial<RuleForm> {
  return {
    ...(rule.name === null ? {} : { name: rule.name }),
    metric: rule.metric,
    window_minutes: rule.window_minutes,
    condition: rule.condition,
    ...(rule.threshold === null ? {} : { threshold: rule.threshold }),
    deviations: rule.deviations ?? 8,
    samples_min: rule.samples_min,
    mails_operators: rule.mails_operators,
    mail_addresses: rule.mail_addresses,
    quiet_minutes: rule.quiet_minutes,
  };
}

export function comparesWithPast(condition: AlertRule['condition'] | undefined): boolean {
  return condition === 'unusually_high' || condition === 'unusually_low';
}

/** A webhook that is left empty stays as it is, unless it is to go. */
export function bodyOf(form: RuleForm): RuleBody {
  const isCompared = comparesWithPast(form.condition);
  return {
    name: form.name?.trim() ? form.name.trim() : null,
    metric: form.metric,
    window_minutes: form.window_minutes,
    condition: form.condition,
    threshold: isCompared ? null : (form.threshold ?? null),
    deviations: isCompared ? (form.deviations ?? null) : null,
    samples_min: form.samples_min,
    mails_operators: form.mails_operators,
    mail_addresses: form.mail_addresses,
    quiet_minutes: form.quiet_minutes,
    ...webhookOf(form),
  };
}

function webhookOf({
  drops_webhook: drops,
  webhook_url: url,
  webhook_secret: secret,
}: RuleForm): Pick<RuleBody, 'webhook'> {
  if (drops) return { webhook: null };
  if (!url) return {};
  return { webhook: { url, ...(secret ? { secret } : {}) } };
}
