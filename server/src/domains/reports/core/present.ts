/** Sums of usage in the contract's words. */
import { formatMoney } from '../../../platform/money.ts';

/** Sums of one interval, in nano-units of the usage currency. */
export interface UsageSum {
  calls: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  amount: bigint;
}

export interface Span {
  from: Date;
  to: Date;
}

/** Adds intervals up to one line. */
export function presentUsage(sums: readonly UsageSum[], { from, to }: Span, currency: string) {
  const total = (pick: (sum: UsageSum) => bigint) => sums.reduce((so, sum) => so + pick(sum), 0n);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    calls: Number(total(({ calls }) => calls)),
    input_tokens: Number(total(({ input_tokens }) => input_tokens)),
    output_tokens: Number(total(({ output_tokens }) => output_tokens)),
    amount: formatMoney({ amount: total(({ amount }) => amount), currency }),
    currency,
  };
}
