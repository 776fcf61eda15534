/** The billing bugs that users of other gateways reported stay proved: each of the twenty is a test named by its number. */
import type { Lint } from './source.ts';

const casesMax = 20;
const gateway = 'server/src/domains/gateway/';
const testFile = /^(server|e2e)\/.*[.]test[.]ts$/;
const title = /['"`](?:attack \d+: |[a-z-]+: )?case (\d+): /g;

export const billingCases: Lint = (files) => {
  // Trees without a gateway owe no proofs.
  if (!files.some(({ path }) => path.startsWith(gateway))) return [];
  const named = new Set(
    files
      .filter(({ path }) => testFile.test(path))
      .flatMap(({ text }) => [...text.matchAll(title)].map(([, number]) => Number(number))),
  );
  return Array.from({ length: casesMax }, (_, index) => index + 1)
    .filter((number) => !named.has(number))
    .map((number) => ({
      path: `${gateway}cases.test.ts`,
      message: `No test is named "case ${number}: …".`,
    }));
};
