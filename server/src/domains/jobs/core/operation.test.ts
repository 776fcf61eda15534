import { describe, expect, test } from 'vitest';
import { advanced, isHeld, type Operation, secondsLeft, shownState } from './operation.ts';

const start = new Date('2026-03-04T12:00:00Z');
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const begun: Operation = {
  ...{ id: 'opn_1', kind: 'test', key: 'one', title: 'One', actorKind: 'system', actorId: null },
  ...{ state: 'running', stage: null, done: 0n, total: 100n, pacedFrom: start, pacedDone: 0n },
  ...{ runs: 1, input: null, error: null, claim: 'clm_1', heartbeatAt: start, startedAt: start },
  endedAt: null,
};

describe('secondsLeft', () => {
  test('is told by the pace so far', () => {
    expect(secondsLeft(advanced(begun, { done: 25, total: 100 }, at(10)))).toBe(30);
    expect(secondsLeft(advanced(begun, { done: 100, total: 100 }, at(10)))).toBe(0);
  });

  test('begins anew with each stage', () => {
    const first = advanced(begun, { stage: 'accounts', done: 90, total: 100 }, at(90));
    const second = advanced(first, { stage: 'keys', done: 10, total: 40 }, at(100));
    expect(secondsLeft(second)).toBe(30);
  });

  test('leaves out what an earlier run did', () => {
    const resumed = { ...begun, done: 60n, pacedDone: 60n };
    expect(secondsLeft(advanced(resumed, { done: 80, total: 100 }, at(10)))).toBe(10);
  });

  test.each([
    ['nothing is done', advanced(begun, { done: 0, total: 100 }, at(10))],
    ['nobody knows how much there is', advanced(begun, { done: 10 }, at(10))],
    ['no time has passed', advanced(begun, { done: 10, total: 100 }, at(0))],
  ])('is not told where %s', (_, operation) => {
    expect(secondsLeft(operation)).toBeNull();
  });
});

describe('shownState', () => {
  test('is interrupted once its process has not been heard of for half a minute', () => {
    expect(shownState(begun, at(29))).toBe('running');
    expect(shownState(begun, at(30))).toBe('interrupted');
    expect(isHeld(begun, at(29))).toBe(true);
    expect(isHeld(begun, at(30))).toBe(false);
  });

  test.each(['stopped', 'failed', 'done'] as const)('stays %s', (state) => {
    expect(shownState({ ...begun, state }, at(1000))).toBe(state);
    expect(isHeld({ ...begun, state }, at(1))).toBe(false);
  });
});
