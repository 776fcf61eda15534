/** A believable month of calls, the same at every seeding: office hours, quiet weekends, a few models. */

export interface DemoCall {
  /** How long before now it began. */
  agoMs: number;
  model: string;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  latencyMs: number;
  firstTokenMs: number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const models = [
  { model: 'gpt-4o-mini', upTo: 0.5, input: 1800, output: 420 },
  { model: 'claude-sonnet-4-5', upTo: 0.85, input: 12000, output: 2400 },
  { model: 'gemini-2.5-flash', upTo: 1, input: 3600, output: 700 },
] as const;

/** Calls of the last `days` days, oldest first; `busy` is about how many a working day has. */
export function demoCalls(
  now: Date,
  { days, busy, seed }: { days: number; busy: number; seed: number },
): DemoCall[] {
  const random = generator(seed);
  const calls: DemoCall[] = [];
  for (let day = days; day >= 0; day -= 1) {
    const weekday = new Date(now.getTime() - day * dayMs).getUTCDay();
    const isWeekend = weekday === 0 || weekday === 6;
    const count = Math.round(busy * (isWeekend ? 0.25 : 0.8 + 0.4 * random()));
    for (let index = 0; index < count; index += 1) {
      const agoMs = day * dayMs + Math.floor(random() * 9 * hourMs) + hourMs / 60;
      calls.push(demoCall(agoMs, random));
    }
  }
  return calls.sort((a, b) => b.agoMs - a.agoMs);
}

function demoCall(agoMs: number, random: () => number): DemoCall {
  const pick = random();
  const kind = models.find(({ upTo }) => pick < upTo) ?? models[0];
  const spread = () => 0.3 + 1.9 * random() ** 2;
  const inputTokens = Math.round(kind.input * spread());
  const outputTokens = Math.round(kind.output * spread());
  const firstTokenMs = Math.round(180 + 600 * random());
  return {
    agoMs,
    model: kind.model,
    inputTokens,
    cachedInputTokens: random() < 0.3 ? Math.floor(inputTokens / 2) : 0,
    outputTokens,
    firstTokenMs,
    latencyMs: firstTokenMs + outputTokens * 9,
  };
}

/** Mulberry32: small, fast, and the same sequence for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
