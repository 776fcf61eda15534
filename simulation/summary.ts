/** What a simulation prints at its end. */
import type { Outcome, Scale } from './simulate.ts';

const findingsShownMax = 50;

export function summaryOf(scale: Scale, outcome: Outcome): string[] {
  const { months, totals, findings, digest } = outcome;
  const names = [...new Set([...months.values()].flatMap((counts) => [...counts.keys()]))].sort();
  const width = Math.max(...names.map(({ length }) => length), 12);
  const cells = (figures: readonly (string | number)[]) =>
    figures.map((figure) => String(figure).padStart(8)).join('');
  return [
    '',
    `${''.padEnd(width)}${cells([...months.keys()])}`,
    ...names.map((name) => {
      const counts = [...months.values()].map((month) => month.get(name) ?? 0);
      return `${name.padEnd(width)}${cells(counts)}`;
    }),
    '',
    ...Object.entries(totals).map(([name, total]) => `${name.padEnd(40)} ${total.padStart(24)}`),
    '',
    ...findings.slice(0, findingsShownMax),
    ...(findings.length > findingsShownMax
      ? [`and ${findings.length - findingsShownMax} more`]
      : []),
    `seed ${scale.seed}, ${scale.organizations} organizations, ${scale.months} months: ` +
      `${findings.length} findings, digest ${digest}`,
  ];
}
