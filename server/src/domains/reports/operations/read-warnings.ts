import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { startOfMonth } from '../../../platform/time.ts';
import { listDebtors, listLatePayers, sumOpenOf } from '../../invoicing/index.ts';
import { listShortfalls } from '../../ledger/index.ts';
import { listExpiringMethods, listFailingCharges } from '../../payments/index.ts';
import { listRenewals, type Renewal } from '../../subscriptions/index.ts';
import {
  chargeDays,
  historyDays,
  type PaymentHistory,
  type WarningReason,
  warn,
} from '../core/bad-debt.ts';
import { monthOf } from '../core/span.ts';

export interface Warning {
  organization_id: string;
  currency: string;
  /** Minor units: open invoices and a month of the subscription. */
  at_risk: bigint;
  renews_at: Date | null;
  reasons: WarningReason[];
}

const warningsShown = 100;
/** Of each rule; who is beyond them has others before. */
const candidatesMax = 2_000;
const dayMs = 86_400_000;

/** Customers who are likely not to pay: those with the most reasons first, then with the most at risk. */
export async function readWarnings(context: Context, executor: Executor): Promise<Warning[]> {
  const found = await findCandidates(context, executor);
  const ids = [...found.keys()];
  const renewals = new Map(
    (await listRenewals(executor, ids)).map((renewal) => [renewal.organization_id, renewal]),
  );
  const open = Map.groupBy(await sumOpenOf(executor, ids), (sum) => sum.organization_id);
  const { timeZone } = context.config;
  const warnings = [...found].flatMap(([id, signs]): Warning[] => {
    const renewal = renewals.get(id);
    const owed = open.get(id) ?? [];
    const reasons = warn({
      ...signs,
      renewsIn: renewal ? monthOf(renewal.renews_at, timeZone) : null,
      isOwing: owed.length > 0 || renewal !== undefined,
    });
    if (reasons.length === 0) return [];
    return riskOf({ renewal, owed, currency: context.config.usageCurrency }).map((risk) => ({
      ...{ organization_id: id, ...risk, renews_at: renewal?.renews_at ?? null, reasons },
    }));
  });
  return warnings
    .sort((a, b) => compareRisks(b, a) || (a.organization_id < b.organization_id ? -1 : 1))
    .slice(0, warningsShown);
}

type Signs = Omit<PaymentHistory, 'renewsIn' | 'isOwing'>;

async function findCandidates({ clocks, config }: Context, executor: Executor) {
  const now = clocks.business();
  const ago = (days: number) => new Date(now.getTime() - days * dayMs);
  const limit = candidatesMax;
  const found = new Map<string, Signs>();
  const note = (id: string, signs: Partial<Signs>) =>
    found.set(id, { ...(found.get(id) ?? noSigns), ...signs });
  for (const row of await listDebtors(executor, { now, limit })) {
    note(row.organization_id, { isOverdue: true });
  }
  for (const row of await listFailingCharges(executor, { since: ago(chargeDays), limit })) {
    note(row.organization_id, { chargesFailed: row.failures });
  }
  const by = monthOf(startOfMonth(now, config.timeZone, 1), config.timeZone);
  for (const row of await listExpiringMethods(executor, { by, limit })) {
    note(row.organization_id, { methodExpires: row.expires });
  }
  for (const row of await listLatePayers(executor, { since: ago(historyDays), limit })) {
    note(row.organization_id, { late: row.late, givenUp: row.given_up });
  }
  for (const row of await listShortfalls(executor, limit)) {
    note(row.organization_id, { shortfall: row.shortfall });
  }
  return found;
}

const noSigns: Signs = {
  isOverdue: false,
  chargesFailed: 0n,
  methodExpires: null,
  late: 0n,
  givenUp: 0n,
  shortfall: 0n,
};

interface AtRisk {
  renewal: Renewal | undefined;
  owed: readonly { currency: string; minor: bigint }[];
  /** Where nothing is open and nothing renews. */
  currency: string;
}

/** Each currency by itself. */
function riskOf({ renewal, owed, currency }: AtRisk): { currency: string; at_risk: bigint }[] {
  const risks = new Map(owed.map((sum) => [sum.currency, sum.minor]));
  if (renewal) {
    risks.set(renewal.currency, (risks.get(renewal.currency) ?? 0n) + renewal.mrr_minor);
  }
  if (risks.size === 0) return [{ currency, at_risk: 0n }];
  return [...risks].map(([of, minor]) => ({ currency: of, at_risk: minor }));
}

function compareRisks(a: Warning, b: Warning): number {
  if (a.reasons.length !== b.reasons.length) return a.reasons.length - b.reasons.length;
  return a.at_risk === b.at_risk ? 0 : a.at_risk < b.at_risk ? -1 : 1;
}
