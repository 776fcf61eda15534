/** What is known of payments stays proved: every known attack and every known answer of a provider is a named test. */
import type { Finding, Lint, SourceFile } from './source.ts';

const attacksMax = 26;
/** The fewest known answers: a file that is not read proves nothing. */
export const answersMin = 28;

const providers = 'server/src/domains/payments/providers/';
const testFile = /^(server|sandbox)\/.*[.]test[.]ts$/;
const answersFile = /^server\/src\/domains\/payments\/providers\/([^/]+)\/vectors[.]json$/;
/** A table of tests that are named by the answers of one kind, or of all. */
const tables = /each\((?:ofKind\('([^']+)'\)|known[.]vectors)[\s\S]{0,80}?\(\s*['"`][^'"`]*[$]id/g;

export const paymentProofs: Lint = (files) => {
  const answerFiles = files.filter(({ path }) => answersFile.test(path));
  // Trees without payments owe no proofs.
  if (answerFiles.length === 0) return [];
  const tests = files.filter(({ path }) => testFile.test(path));
  const answers = answerFiles.flatMap((file) => readAnswers(file));
  const unproved = answers.filter((answer) => !isNamed(answer, tests));
  return [
    ...unproved.map(({ path, id }) => ({ path, message: `No test is named by ${id}.` })),
    ...unnamedAttacks(tests),
    ...(answers.length < answersMin
      ? [{ path: providers, message: `${answers.length} known answers; ${answersMin} are known.` }]
      : []),
  ];
};

interface Answer {
  path: string;
  id: string;
  kind: string;
}

function readAnswers({ path, text }: SourceFile): Answer[] {
  const { vectors } = JSON.parse(text) as { vectors: { id: string; kind: string }[] };
  return vectors.map(({ id, kind }) => ({ path, id, kind }));
}

function isNamed({ path, id, kind }: Answer, tests: readonly SourceFile[]): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const own = tests.filter((test) => test.path.startsWith(folder));
  const byTable = own.some(({ text }) =>
    [...text.matchAll(tables)].some(([, of]) => of === undefined || of === kind),
  );
  const title = new RegExp(`\\b(it|test|describe)\\(\\s*['"\`][^'"\`]*${id}\\b`);
  return byTable || tests.some(({ text }) => title.test(text));
}

function unnamedAttacks(tests: readonly SourceFile[]): Finding[] {
  const named = new Set(
    tests.flatMap(({ text }) =>
      [...text.matchAll(/['"`]attack (\d+):/g)].map(([, number]) => Number(number)),
    ),
  );
  return Array.from({ length: attacksMax }, (_, index) => index + 1)
    .filter((number) => !named.has(number))
    .map((number) => ({
      path: 'server/src/domains/payments/attacks.test.ts',
      message: `No test is named by attack ${String(number).padStart(2, '0')}.`,
    }));
}
