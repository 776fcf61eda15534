/**
 * A random day in the life of some customers: processes authorize, settle, release and sweep at the same time as
 * money comes in, grants expire and days turn. Whatever happens, the books must be right afterwards.
 */
import type { TestPlatform } from '../../../platform/testkit/platform.ts';
import type { Access, AuthorizeCommand, QuotaState, Settlement } from '../index.ts';
import { sweepHolds } from '../index.ts';
import { type AccessFixture, settleOf } from './access-fixture.ts';

/** What may happen; numbers choose among what is there. */
export type Step =
  | {
      kind: 'authorize';
      organization: number;
      worstCase: number;
      capped: boolean;
      tokens: number;
      /** Which key and which user, and which cost center; 0 is none. */
      key: number;
      user: number;
      costCenter: number;
      /** Of an application's meter; 0 is none. */
      quantity: number;
    }
  | { kind: 'settle'; call: number; cost: number }
  | { kind: 'release'; call: number }
  | { kind: 'renew'; call: number }
  | { kind: 'sweep' }
  | { kind: 'top_up'; organization: number; amount: number }
  | { kind: 'grant'; organization: number; amount: number; hours: number }
  | { kind: 'package'; organization: number; dailyLimit: number; days: number }
  | {
      kind: 'quota';
      organization: number;
      meter: number;
      window: QuotaState['window'];
      isAnchored: boolean;
      limit: number;
      isHard: boolean;
      subject: QuotaState['subjectKind'];
      number: number;
    };

/** Steps that happen at the same time, and how much later the next round is. */
export interface Round {
  steps: readonly Step[];
  minutes: number;
}

export interface Simulation {
  platform: TestPlatform;
  fixture: AccessFixture;
  /** One per process. */
  processes: readonly Access[];
  organizations: readonly string[];
  /** Of an application. */
  meterId: string;
}

export interface Outcome {
  /** Every call that was permitted. */
  calls: AuthorizeCommand[];
  /** First settlements by request, with the cost that was asked. */
  settled: Map<string, { cost: bigint; settlement: Settlement }>;
}

/** Plays the rounds; steps refer to calls by their position among those permitted so far. */
export async function play(simulation: Simulation, rounds: readonly Round[]): Promise<Outcome> {
  const outcome: Outcome = { calls: [], settled: new Map() };
  for (const { steps, minutes } of rounds) {
    await Promise.all(steps.map((step, index) => take(simulation, outcome, step, index)));
    simulation.platform.clocks.advance(`PT${minutes}M`);
  }
  return outcome;
}

async function take(
  simulation: Simulation,
  outcome: Outcome,
  step: Step,
  index: number,
): Promise<void> {
  const { fixture, organizations, processes, platform } = simulation;
  const access = processes[index % processes.length] as Access;
  if ('call' in step) return end(access, outcome, step);
  if (step.kind === 'sweep') return void (await sweepHolds(platform));

  const organization = organizations[step.organization % organizations.length] as string;
  if (step.kind === 'top_up') return fixture.topUp(organization, BigInt(step.amount));
  if (step.kind === 'grant') {
    const expiresAt = new Date(platform.clocks.business().getTime() + step.hours * 3_600_000);
    return void (await fixture.grant(organization, BigInt(step.amount), { expiresAt }));
  }
  if (step.kind === 'package') {
    const terms = { durationDays: step.days, timeZone: 'Asia/Shanghai' };
    return void (await fixture.buyPackage(organization, BigInt(step.dailyLimit), terms));
  }
  if (step.kind === 'quota') return addQuota(simulation, organization, step);
  const { quantity } = step;
  const call = fixture.call(organization, BigInt(step.worstCase), {
    ...(step.capped && { minimum: 1n }),
    tokens: step.tokens,
    apiKeyId: `key_${step.key}`,
    userId: `usr_${step.user}`,
    costCenterId: step.costCenter === 0 ? null : `cct_${step.costCenter}`,
    meters:
      quantity === 0
        ? []
        : [{ meterId: simulation.meterId, quantity: BigInt(quantity), requiresQuota: false }],
  });
  if ((await access.authorize(call)).permitted) outcome.calls.push(call);
}

async function addQuota(
  { fixture, platform, meterId }: Simulation,
  organization: string,
  step: Extract<Step, { kind: 'quota' }>,
): Promise<void> {
  const meterIds = ['mtr_requests', 'mtr_tokens', 'mtr_cost', meterId];
  const canBeAnchored = ['day', 'month', 'year'].includes(step.window);
  await fixture.quota(organization, {
    meterId: meterIds[step.meter % meterIds.length] as string,
    window: step.window,
    limit: BigInt(step.limit),
    isHard: step.isHard,
    ...(step.isAnchored && canBeAnchored && { anchorAt: platform.clocks.business() }),
    ...(step.subject === 'api_key' && { apiKeyId: `key_${step.number}` }),
    ...(step.subject === 'member' && { userId: `usr_${step.number}` }),
    ...(step.subject === 'cost_center' && { costCenterId: `cct_${step.number}` }),
  });
}

async function end(
  access: Access,
  outcome: Outcome,
  step: Extract<Step, { call: number }>,
): Promise<void> {
  const call = outcome.calls[step.call % Math.max(outcome.calls.length, 1)];
  if (!call) return;
  if (step.kind === 'release') return void (await access.release(call));
  if (step.kind === 'renew') {
    return void (await access.renew({ ...call, expiresAt: new Date(+call.expiresAt + 600_000) }));
  }
  const cost = BigInt(step.cost);
  try {
    const settlement = await access.settle(settleOf(call, cost));
    if (!settlement.repeated) outcome.settled.set(call.requestId, { cost, settlement });
  } catch (error) {
    // Released before: that is an answer too.
    if ((error as { code?: string }).code !== 'request_closed') throw error;
  }
}
