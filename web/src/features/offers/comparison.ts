import type { Given } from './gives.ts';

interface ComparedRow {
  key: string;
  label: string;
  /** In the order of the plans; undefined where a plan says nothing of it. */
  values: (string | boolean | undefined)[];
}

/** What several plans give, side by side: a row for each thing that any of them names. */
export function compare(plans: readonly (readonly Given[])[]): ComparedRow[] {
  const labels = new Map(plans.flat().map(({ key, label }) => [key, label]));
  return [...labels].map(([key, label]) => ({
    key,
    label,
    values: plans.map((given) => given.find((one) => one.key === key)?.value),
  }));
}
