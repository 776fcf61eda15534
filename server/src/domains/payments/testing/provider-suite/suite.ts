/**
 * The contract suite of payment providers: the same tests over every provider and its simulator, over real HTTP.
 * What a provider does not declare is skipped by name; fewer tests than its harness says is itself a failure.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amountTests } from './amount-tests.ts';
import { faultTests } from './fault-tests.ts';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import { methodTests } from './method-tests.ts';
import { paymentTests } from './payment-tests.ts';
import { refundTests } from './refund-tests.ts';
import { settingsTests } from './settings-tests.ts';
import { openStage, type Stage } from './stage.ts';
import { statementTests } from './statement-tests.ts';
import { verificationTests } from './verification-tests.ts';

/** Of the tests that need no capability but to find and to notify. */
const everybodysTestsMin = 40;

export function describeProvider(harness: ProviderHarness): void {
  describe(`${harness.provider.name} keeps the contract of payment providers`, () => {
    let opened: Stage | undefined;
    const stage = () => {
      if (!opened) throw new Error('the stage is not open');
      return opened;
    };
    beforeAll(async () => {
      opened = await openStage(harness);
    });
    afterAll(() => opened?.close());

    const tests = allTests(stage, harness);
    let ran = 0;
    for (const { name, skipped, timeoutMs, run } of tests) {
      if (skipped !== undefined) it.skip(`${name} (skipped: ${skipped})`, run);
      else {
        it(name, { timeout: timeoutMs ?? 20_000 }, async () => {
          ran += 1;
          await run();
        });
      }
    }
    it(`ran at least ${harness.testsMin} tests`, () => {
      expect(harness.testsMin).toBeGreaterThanOrEqual(everybodysTestsMin);
      expect(ran).toBeGreaterThanOrEqual(harness.testsMin);
    });
  });
}

/** The faults come last: they also judge everything that was said before. */
function allTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return [
    ...settingsTests(stage),
    ...verificationTests(stage, harness),
    ...paymentTests(stage, harness),
    ...amountTests(stage, harness),
    ...refundTests(stage, harness),
    ...methodTests(stage, harness),
    ...statementTests(stage, harness),
    ...faultTests(stage, harness),
  ];
}
