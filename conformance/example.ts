/** One worked example that another system published, with its answer and ours. */
export interface Example {
  id: string;
  /** Where it stands. */
  source: string;
  /** Rules that differ from our defaults, so that the example is computed by its own. */
  rules?: string;
  expected: readonly string[];
  ours(): readonly string[] | Promise<readonly string[]>;
  /** Why nobody should want the published answer; ours is another on purpose. */
  differs?: string;
}

export type Verdict = 'agrees' | 'differs' | 'disagrees';

export interface Judged {
  example: Example;
  ours: readonly string[];
  verdict: Verdict;
}

/** Computes ours; an example that says that we differ must do so. */
export async function judge(example: Example): Promise<Judged> {
  const ours = await example.ours();
  const isSame =
    ours.length === example.expected.length &&
    ours.every((value, index) => value === example.expected[index]);
  if (example.differs === undefined)
    return { example, ours, verdict: isSame ? 'agrees' : 'disagrees' };
  return { example, ours, verdict: isSame ? 'disagrees' : 'differs' };
}

/** One line: id, expected, ours. */
export function describe({ example, ours, verdict }: Judged): string {
  const { id, rules, expected, differs } = example;
  const parts = [id, `expected ${expected.join(', ')}`, `ours ${ours.join(', ')}`, verdict];
  if (rules !== undefined) parts.push(`rules: ${rules}`);
  if (differs !== undefined) parts.push(differs);
  return parts.join(' | ');
}
