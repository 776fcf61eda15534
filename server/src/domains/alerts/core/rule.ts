/** A rule of an operator, and what is known when it is judged. */
import type { AlertCondition, AlertMetric } from '@sluice/contract/alert-rules';

export interface Rule {
  id: string;
  name: string | null;
  metric: AlertMetric;
  windowMinutes: number;
  condition: AlertCondition;
  /** In the metric's smallest unit. */
  threshold: bigint | null;
  deviations: number | null;
  samplesMin: number;
  enabled: boolean;
  mailsOperators: boolean;
  mailAddresses: string[];
  sealedWebhook: string | null;
  webhookOrigin: string | null;
  webhookSigned: boolean;
  quietMinutes: number;
  silencedUntil: Date | null;
  builtIn: boolean;
  evaluatedAt: Date | null;
  value: bigint | null;
  samples: bigint | null;
  problem: string | null;
}

export interface Firing {
  id: string;
  ruleId: string;
  name: string | null;
  metric: AlertMetric;
  condition: AlertCondition;
  limit: bigint;
  expected: bigint | null;
  value: bigint;
  worst: bigint;
  firedAt: Date;
  toldAt: Date | null;
  resolvedAt: Date | null;
  resolvedValue: bigint | null;
}

/** What a metric came to. */
export interface Reading {
  value: bigint;
  /** Of how many payments, calls or events. */
  samples: bigint;
}

export function comparesWithPast({ condition }: Pick<Rule, 'condition'>): boolean {
  return condition === 'unusually_high' || condition === 'unusually_low';
}
