import { describe, expect, test } from 'vitest';
import { createFlush } from './flush.ts';

/** A disk whose flushes end when the test says so. */
function createDisk() {
  const flushes: { succeed(): void; fail(): void }[] = [];
  const flush = createFlush(
    () =>
      new Promise((resolve, reject) => {
        flushes.push({ succeed: resolve, fail: () => reject(new Error('the disk is gone')) });
      }),
  );
  return { flush, flushes };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('createFlush', () => {
  test('is not content with a flush that began before it was asked', async () => {
    const { flush, flushes } = createDisk();
    const done: string[] = [];
    flush().then(() => done.push('first'));
    flush().then(() => done.push('second'));
    flushes[0]?.succeed();
    await settled();
    expect(done).toEqual(['first']);
    flushes[1]?.succeed();
    await settled();
    expect(done).toEqual(['first', 'second']);
  });

  test('lets all who wait share one', async () => {
    const { flush, flushes } = createDisk();
    const first = flush();
    const others = Promise.all([flush(), flush(), flush()]);
    flushes[0]?.succeed();
    await first;
    await settled();
    expect(flushes).toHaveLength(2);
    flushes[1]?.succeed();
    await others;
    expect(flushes).toHaveLength(2);
  });

  test('fails those who waited for it, and tries anew for the next', async () => {
    const { flush, flushes } = createDisk();
    const first = flush();
    const second = flush();
    flushes[0]?.fail();
    await expect(first).rejects.toThrow('the disk is gone');
    await settled();
    flushes[1]?.succeed();
    await second;
    const third = flush();
    flushes[2]?.succeed();
    await third;
    expect(flushes).toHaveLength(3);
  });
});
