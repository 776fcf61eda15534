/**
 * How many calls can be paid for: group commit against one transaction each. Rounds alternate, so that a busy or a hot
 * machine treats both alike; the figures are medians. `--quick` measures shorter.
 */
import type { Way } from './calls.ts';
import { measureLatencies, measureRate, measureSteady, quantile } from './measure.ts';
import { naive } from './naive.ts';
import { ours } from './ours.ts';
import { createWorld, type World } from './world.ts';

const callers = 200;
const organizationCount = 1_000;
const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 5;
const durationMs = isQuick ? 1_500 : 4_000;

const contests = [
  { name: 'naive_hot', way: naive, on: (world: World) => world.organizations.slice(0, 1) },
  { name: 'ours_hot', way: ours, on: (world: World) => world.organizations.slice(0, 1) },
  { name: 'ours_ten_limits', way: ours, on: (world: World) => [world.tenLimits] },
  { name: 'naive_spread', way: naive, on: (world: World) => world.organizations },
  { name: 'ours_spread', way: ours, on: (world: World) => world.organizations },
] as const;

type Name = (typeof contests)[number]['name'];

const world = await createWorld(organizationCount);
try {
  const rates = await measureRates(world);
  const latencies = await withWay(world, ours, (way) =>
    measureLatencies(way, world.organizations[0] as string, durationMs),
  );
  await world.settleDown();
  const steady = await withWay(world, ours, (way) =>
    measureSteady(way, { organizations: world.organizations, perSecond: 2_000, durationMs }),
  );
  const pairs = (name: Name) => Math.round(rates[name]);
  console.log(
    JSON.stringify({
      bench: 'access',
      callers,
      naive_hot: pairs('naive_hot'),
      ours_hot: pairs('ours_hot'),
      ratio_hot: rounded(rates.ours_hot / rates.naive_hot, 1),
      naive_spread: pairs('naive_spread'),
      ours_spread: pairs('ours_spread'),
      ratio_spread: rounded(rates.ours_spread / rates.naive_spread, 1),
      authorize_p50_ms: rounded(quantile(latencies.authorize, 0.5), 3),
      settle_p50_ms: rounded(quantile(latencies.settle, 0.5), 3),
      settle_p99_ms: rounded(quantile(latencies.settle, 0.99), 3),
      ours_ten_limits: pairs('ours_ten_limits'),
      ratio_ten_limits: rounded(rates.ours_hot / rates.ours_ten_limits, 2),
      authorize_p99_at_2000_ms: rounded(quantile(steady, 0.99), 3),
    }),
  );
} finally {
  await world.close();
}

/** Medians of pairs per second. */
async function measureRates(world: World): Promise<Record<Name, number>> {
  const measured: Record<Name, number[]> = {
    naive_hot: [],
    ours_hot: [],
    ours_ten_limits: [],
    naive_spread: [],
    ours_spread: [],
  };
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, way, on } of contests) {
      await world.settleDown();
      const load = { callers, organizations: on(world), durationMs };
      const rate = await withWay(world, way, (opened) => measureRate(opened, load));
      measured[name].push(rate);
      console.log(`round ${round} of ${rounds}: ${name} ${Math.round(rate)} pairs/s`);
    }
  }
  await world.settleDown();
  const median = (name: Name) => quantile(measured[name], 0.5);
  return {
    naive_hot: median('naive_hot'),
    ours_hot: median('ours_hot'),
    ours_ten_limits: median('ours_ten_limits'),
    naive_spread: median('naive_spread'),
    ours_spread: median('ours_spread'),
  };
}

async function withWay<T>(
  world: World,
  open: (world: World) => Way,
  work: (way: Way) => Promise<T>,
): Promise<T> {
  const way = open(world);
  try {
    return await work(way);
  } finally {
    await way.close();
  }
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
