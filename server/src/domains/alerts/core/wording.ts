/** What operators are told of a rule, in their language: by mail, and in one line for a webhook. */
import { type AlertCondition, type AlertMetric, alertMetrics } from '@sluice/contract/alert-rules';
import { unitOf, writeFigure } from './figures.ts';

export type AlertLocale = 'en' | 'zh-CN';

/** What is told of. */
export interface RuleNews {
  happening: 'fired' | 'resolved' | 'test';
  name: string | null;
  metric: AlertMetric;
  condition: AlertCondition;
  windowMinutes: number;
  /** Null where there was too little to judge. */
  value: bigint | null;
  limit: bigint | null;
  expected: bigint | null;
  currency: string;
  link: string;
}

const words = {
  en: {
    metrics: {
      payment_failure_rate: 'failed payments',
      payments_received: 'payments received',
      notifications_waiting: 'provider notifications waiting',
      quota_violations: 'quotas used up',
      cancellations: 'subscriptions canceled',
      response_time_p95: 'response time, 95th percentile',
      call_duration_p95: 'duration of calls, 95th percentile',
      call_failure_rate: 'failed calls',
      calls: 'calls',
      usage_revenue: 'usage charged',
      shortfall: 'use that nothing paid for',
      channels_unwell: 'channels that are unwell',
      jobs_failing: 'failing jobs',
      mails_waiting: 'mails waiting',
      news_waiting: 'events waiting to be told',
      ledger_problems: 'problems in the ledger',
    },
    subjects: {
      fired: 'Alert: {what} at {value}',
      resolved: 'Resolved: {what}',
      test: 'Test of an alert: {what}',
    },
    sentences: {
      fired: '{what}: {value}{window}. {bound}',
      resolved: '{what} is back within its bounds: {value}{window}.',
      test: 'This is a test; nothing is wrong because of it. {what}: {value}{window}. {bound}',
    },
    window: ' in the last {minutes} minutes',
    above: 'The rule allows {limit} at most.',
    below: 'The rule asks for {limit} at least.',
    unusual: 'Usual at this time is {expected}; the rule allows it to reach {limit}.',
    nothing: 'too little to judge',
  },
  'zh-CN': {
    metrics: {
      payment_failure_rate: '支付失败率',
      payments_received: '实收付款',
      notifications_waiting: '待处理的支付通知',
      quota_violations: '配额用尽次数',
      cancellations: '订阅取消数',
      response_time_p95: '响应时间（第 95 百分位）',
      call_duration_p95: '调用时长（第 95 百分位）',
      call_failure_rate: '调用失败率',
      calls: '调用次数',
      usage_revenue: '用量收费',
      shortfall: '无余额支付的用量',
      channels_unwell: '异常渠道数',
      jobs_failing: '失败的任务',
      mails_waiting: '待发邮件',
      news_waiting: '待通知的事件',
      ledger_problems: '账本问题',
    },
    subjects: {
      fired: '告警：{what}达到 {value}',
      resolved: '已恢复：{what}',
      test: '告警测试：{what}',
    },
    sentences: {
      fired: '{what}{window}为 {value}。{bound}',
      resolved: '{what}已恢复正常{window}，当前为 {value}。',
      test: '这是一条测试消息，并不表示出现故障。{what}{window}为 {value}。{bound}',
    },
    window: '（最近 {minutes} 分钟）',
    above: '规则上限为 {limit}。',
    below: '规则下限为 {limit}。',
    unusual: '平常同一时段为 {expected}，规则允许到 {limit}。',
    nothing: '数据不足，无法判断',
  },
} as const;

export function sayNews(
  news: RuleNews,
  locale: AlertLocale,
): { subject: string; sentence: string } {
  const say = words[locale];
  const what = news.name ?? say.metrics[news.metric];
  const params = {
    what,
    value: news.value === null ? say.nothing : writeWithUnit(news, news.value),
    window: hasWindow(news) ? fill(say.window, { minutes: String(news.windowMinutes) }) : '',
    bound: sayBound(news, locale),
  };
  const { happening } = news;
  return {
    subject: capitalize(fill(say.subjects[happening], params)),
    sentence: capitalize(fill(say.sentences[happening], params).trim()),
  };
}

export function newsMail(
  news: RuleNews,
  locale: AlertLocale,
): { subject: string; text: string; html: string } {
  const { subject, sentence } = sayNews(news, locale);
  const link = escapeHtml(news.link);
  return {
    subject,
    text: `${sentence}\n\n${news.link}\n`,
    html: `<p>${escapeHtml(sentence)}</p><p><a href="${link}">${link}</a></p>`,
  };
}

function sayBound(news: RuleNews, locale: AlertLocale): string {
  const say = words[locale];
  if (news.limit === null) return '';
  const limit = writeWithUnit(news, news.limit);
  if (news.expected !== null) {
    return fill(say.unusual, { limit, expected: writeWithUnit(news, news.expected) });
  }
  return fill(news.condition === 'below' ? say.below : say.above, { limit });
}

function hasWindow({ metric }: RuleNews): boolean {
  return alertMetrics[metric].grain !== 'now';
}

function writeWithUnit(
  { metric, currency }: Pick<RuleNews, 'metric' | 'currency'>,
  figure: bigint,
): string {
  const text = writeFigure(metric, figure);
  const unit = unitOf(metric);
  if (unit === 'percent') return `${text} %`;
  if (unit === 'milliseconds') return `${text} ms`;
  return unit === 'amount' ? `${text} ${currency}` : text;
}

function fill(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_all, key: string) => params[key] ?? '');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
