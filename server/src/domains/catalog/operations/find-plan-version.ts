import { gathered } from '../../../platform/database/gathered.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { type Offer, readOffer } from '../core/offer.ts';
import { overageCharges } from '../core/overage.ts';
import { type PlanTerms, termsOf } from '../core/plan.ts';
import { findPlan, findPlanVersionRow, type PlanRow } from '../plans-store.ts';

/** What a plan gave and cost in one version of it, under its present name. */
export interface PlanVersion {
  planId: string;
  version: number;
  slug: string;
  name: string;
  /** Of the plan: who has it keeps it when it is archived. */
  status: 'active' | 'archived';
  terms: PlanTerms;
  offer: Offer;
}

/** A version that somebody has; undefined where there is none. */
export function findPlanVersion(
  executor: Executor,
  planId: string,
  version: number,
): Promise<PlanVersion | undefined> {
  return findVersion(executor, { planId, version });
}

/** Few plans have many subscribers: each version is read once, whoever asks for it at the same moment. */
const findVersion = gathered(
  async (executor, asked: readonly { planId: string; version: number }[]) => {
    const read = new Map<string, Promise<PlanVersion | undefined>>();
    return Promise.all(
      asked.map(({ planId, version }) => {
        const name = `${planId} ${version}`;
        const reading = read.get(name) ?? readVersion(executor, planId, version);
        read.set(name, reading);
        return reading;
      }),
    );
  },
);

async function readVersion(
  executor: Executor,
  planId: string,
  version: number,
): Promise<PlanVersion | undefined> {
  const plan = await findPlan(executor, planId);
  if (!plan) return undefined;
  if (plan.version === version) return versionOf(plan, version, termsOf(plan));
  const row = await findPlanVersionRow(executor, plan.id, version);
  return row && versionOf(plan, version, row.terms);
}

/** What who gets the plan now gets, by its id or slug. */
export async function currentPlanVersion(
  executor: Executor,
  idOrSlug: string,
): Promise<PlanVersion | undefined> {
  const plan = await findPlan(executor, idOrSlug);
  return plan && versionOf(plan, plan.version, termsOf(plan));
}

function versionOf(plan: PlanRow, version: number, terms: PlanTerms): PlanVersion {
  const { id: planId, slug, name, status } = plan;
  const offer = readOffer(terms.offer);
  const charges = [...offer.charges, ...overageCharges(terms.quotas, terms.offer)];
  return { planId, version, slug, name, status, terms, offer: { ...offer, charges } };
}
