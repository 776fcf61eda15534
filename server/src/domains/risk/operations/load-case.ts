/** Loads what is true of an organization now, from the doors of those who know it. */
import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { findNeighbors } from '../../identity/index.ts';
import {
  findFirstSoundPayment,
  findPayerNeighbors,
  listDeclinedSetups,
  listPaymentStandings,
  type PaymentStanding,
} from '../../payments/index.ts';
import { readSetting, type SettingValue } from '../../settings/index.ts';
import { type Facts, type PaymentFact, ruleNames, type Sharer } from '../core/evidence.ts';
import type { Rules } from '../core/judge.ts';
import { listBursts, listSignInFailures } from '../signals-store.ts';

/** Bounds of what one judgement reads; beyond them the latest count. */
const sharersMax = 200;
const paymentsMax = 500;
const dayMs = 86_400_000;

export interface LoadedCase {
  rules: Rules;
  facts: Facts;
  isEstablished: boolean;
}

/** The same for whoever only reads. */
export function readCase(context: Context, organizationId: string): Promise<LoadedCase> {
  return loadCase(context, context.database, organizationId);
}

export async function loadCase(
  context: Context,
  executor: Executor,
  organizationId: string,
): Promise<LoadedCase> {
  const setting = await readSetting(executor, 'risk_rules');
  const rules = toRules(setting);
  const [wall, business] = [context.clocks.wall(), context.clocks.business()];
  const before = (at: Date, days: number) => new Date(at.getTime() - days * dayMs);
  const widest = Math.max(...ruleNames.map((name) => rules.rules[name].windowDays));
  const latest = { organizationId, since: before(business, widest), limit: paymentsMax };
  const payments = await listPaymentStandings(executor, latest);
  const setups = await listDeclinedSetups(executor, latest);
  const firstPaid = await findFirstSoundPayment(executor, organizationId);
  const isLongAgo =
    firstPaid !== undefined && firstPaid <= before(business, setting.established_days);
  return {
    rules,
    facts: {
      sharers: await loadSharers(executor, organizationId, {
        seenSince: before(wall, widest),
        paidSince: before(business, widest),
      }),
      payments: [
        ...payments.filter(({ provider }) => provider !== 'wallet').map(toFact),
        ...setups.map(ofSetup),
      ],
      signIns: await listSignInFailures(executor, organizationId, before(wall, widest)),
      bursts: await listBursts(executor, organizationId, before(business, widest)),
    },
    isEstablished: isLongAgo && !payments.some(({ isDisputed }) => isDisputed),
  };
}

async function loadSharers(
  executor: Executor,
  organizationId: string,
  { seenSince, paidSince }: { seenSince: Date; paidSince: Date },
): Promise<Sharer[]> {
  const limit = sharersMax;
  const seen = await findNeighbors(executor, { organizationId, since: seenSince, limit });
  const paid = await findPayerNeighbors(executor, { organizationId, since: paidSince, limit });
  return [
    ...seen.map(({ seenAt: at, ...sharer }) => ({ ...sharer, at })),
    ...paid.map(({ paidAt: at, ...sharer }) => ({ ...sharer, kind: 'payer' as const, at })),
  ];
}

/** Declines that say nothing of whoever pays: they changed their mind, or the provider failed. */
const harmless: ReadonlySet<string> = new Set([
  'canceled_by_payer',
  'provider_error',
  'currency_unsupported',
]);

function toFact(payment: PaymentStanding): PaymentFact {
  const { id, createdAt: at, status, declineCode, isAutomatic } = payment;
  const isSettled = status === 'succeeded';
  return {
    ...{ kind: 'payment', id, at, isSettled },
    isDeclined: !isSettled && !isAutomatic && declineCode !== null && !harmless.has(declineCode),
    isReturned: payment.isDisputed || payment.refundedMinor * 2n > payment.amountMinor,
  };
}

/** Stolen cards are tried by storing them, too. */
function ofSetup({
  id,
  declineCode,
  createdAt: at,
}: Awaited<ReturnType<typeof listDeclinedSetups>>[number]): PaymentFact {
  const isDeclined = !harmless.has(declineCode);
  return { kind: 'set_up', id, at, isSettled: false, isDeclined, isReturned: false };
}

export function toRules(setting: SettingValue<'risk_rules'>): Rules {
  const rules = Object.fromEntries(
    ruleNames.map((name) => {
      const {
        points,
        threshold,
        window_days: windowDays,
        half_life_days: halfLifeDays,
      } = setting[name];
      return [name, { points, threshold, windowDays, halfLifeDays }];
    }),
  ) as Rules['rules'];
  return { rules, holdScore: setting.hold_score, returnedPercent: setting.returned_percent };
}
