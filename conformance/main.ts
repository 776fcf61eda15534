/**
 * `npm run conformance`: other systems' published examples, each with the expected answer and ours. Ends with 1 where
 * one disagrees that should not.
 */
import { describe, judge, type Verdict } from './example.ts';
import { examples } from './examples.ts';
import { closeWorld } from './world.ts';

const counts: Record<Verdict, number> = { agrees: 0, differs: 0, disagrees: 0 };
for (const example of examples) {
  const judged = await judge(example);
  counts[judged.verdict] += 1;
  console.log(describe(judged));
}
await closeWorld();
console.log(
  `${examples.length} examples: ${counts.agrees} agree, ${counts.differs} differ on purpose, ${counts.disagrees} disagree.`,
);
process.exitCode = counts.disagrees === 0 ? 0 : 1;
