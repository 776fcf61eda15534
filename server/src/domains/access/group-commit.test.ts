import { describe, expect, test } from 'vitest';
import { createGroupCommit, QueueFull } from './group-commit.ts';

interface Ask {
  requestId: string;
  organizationId: string;
}

const ask = (requestId: string, organizationId = 'org_a'): Ask => ({ requestId, organizationId });

/** A queue whose transactions are recorded; `fails` says which batches throw what. */
function recorded(fails: (batch: readonly Ask[]) => Error | undefined = () => undefined) {
  const batches: string[][] = [];
  const queue = createGroupCommit<Ask, string>({
    async run(commands) {
      batches.push(commands.map(({ requestId }) => requestId));
      // Whoever comes while a transaction is in flight belongs to the next one.
      await new Promise((resolve) => setImmediate(resolve));
      const error = fails(commands);
      if (error) throw error;
      return { answers: commands.map(({ requestId }) => `answer to ${requestId}`) };
    },
    blameFor: (error) => (error as Error).message as 'connection' | 'lock' | 'call',
    batchMax: 4,
    queueMax: 6,
    patienceMs: 200,
  });
  return { batches, queue };
}

describe('createGroupCommit', () => {
  test('takes the calls of one turn together, up to the limit', async () => {
    const { batches, queue } = recorded();
    const answers = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map((id) => queue.ask(ask(id))),
    );
    expect(answers).toEqual(['1', '2', '3', '4', '5', '6'].map((id) => `answer to ${id}`));
    expect(batches).toEqual([
      ['1', '2', '3', '4'],
      ['5', '6'],
    ]);
  });

  test('sorts a batch by organization, then arrival', async () => {
    const { batches, queue } = recorded();
    const calls = [ask('1', 'org_b'), ask('2', 'org_a'), ask('3', 'org_b'), ask('4')];
    const answers = await Promise.all(calls.map(queue.ask));
    expect(batches[0]).toEqual(['2', '4', '1', '3']);
    expect(answers[0]).toBe('answer to 1');
  });

  test('ends a batch before a request that is in it already', async () => {
    const { batches, queue } = recorded();
    await Promise.all(['0', '1', '2', '1', '3'].map((id) => queue.ask(ask(id))));
    expect(batches).toEqual([
      ['0', '1', '2'],
      ['1', '3'],
    ]);
  });

  test('halves a failed batch until only the call at fault fails', async () => {
    const { queue } = recorded((batch) =>
      batch.some(({ requestId }) => requestId === '3') ? new Error('call') : undefined,
    );
    const results = await Promise.allSettled(
      ['0', '1', '2', '3', '4'].map((id) => queue.ask(ask(id))),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
  });

  test('tries a whole batch again when the connection broke', async () => {
    let broken = 2;
    const { batches, queue } = recorded(() => {
      broken -= 1;
      return broken >= 0 ? new Error('connection') : undefined;
    });
    const answers = await Promise.all(['0', '1', '2'].map((id) => queue.ask(ask(id))));
    expect(answers).toHaveLength(3);
    expect(batches.length).toBeGreaterThan(2);
  });

  test('lets others pass a call whose lock is held, and gives up when its patience ends', async () => {
    const { queue } = recorded((batch) =>
      batch.some(({ requestId }) => requestId === '1') ? new Error('lock') : undefined,
    );
    const order: string[] = [];
    const note = (id: string) => () => order.push(id);
    await Promise.all([
      queue.ask(ask('0')).then(note('0')),
      queue.ask(ask('1')).catch(note('1 failed')),
      queue.ask(ask('2')).then(note('2')),
    ]);
    expect(order).toEqual(['0', '2', '1 failed']);
  });

  test('fails at once when too many are waiting', async () => {
    const { queue } = recorded();
    const asks = Array.from({ length: 9 }, (_, id) => queue.ask(ask(String(id))));
    const results = await Promise.allSettled(asks);
    expect(results.map(({ status }) => status).lastIndexOf('fulfilled')).toBe(5);
    expect(results.at(-1)).toMatchObject({ reason: expect.any(QueueFull) });
  });

  test('drains: resolves when all that was asked is answered', async () => {
    let tries = 0;
    const { queue } = recorded(() => {
      tries += 1;
      return tries === 1 ? new Error('connection') : undefined;
    });
    let answered = false;
    const asked = queue.ask(ask('0')).then(() => {
      answered = true;
    });
    await queue.drain();
    await asked;
    expect(answered).toBe(true);
    await queue.drain();
  });

  describe('with a commit that may still be lost', () => {
    /** Each batch becomes durable, or is lost, when the test says so. */
    function undurable() {
      const batches: { ids: string[]; keep(): void; lose(): void }[] = [];
      const queue = createGroupCommit<Ask, string>({
        async run(commands) {
          const ids = commands.map(({ requestId }) => requestId);
          const durable = new Promise<void>((keep, lose) => {
            batches.push({ ids, keep, lose: () => lose(new Error('connection')) });
          });
          return { answers: ids.map((id) => `answer ${batches.length} to ${id}`), durable };
        },
        blameFor: (error) => (error as Error).message as 'connection',
        batchMax: 4,
        queueMax: 6,
        patienceMs: 5_000,
      });
      return { batches, queue };
    }

    test('runs the next batch meanwhile, and answers none before it is durable', async () => {
      const { batches, queue } = undurable();
      const answered: string[] = [];
      const first = queue.ask(ask('1')).then((answer) => answered.push(answer));
      await expect.poll(() => batches.length).toBe(1);
      const second = queue.ask(ask('2')).then((answer) => answered.push(answer));
      await expect.poll(() => batches.length).toBe(2);
      expect(answered).toEqual([]);
      batches[1]?.keep();
      await second;
      expect(answered).toEqual(['answer 2 to 2']);
      batches[0]?.keep();
      await first;
    });

    test('asks again what was lost, and drains behind it', async () => {
      const { batches, queue } = undurable();
      const asked = queue.ask(ask('1'));
      await expect.poll(() => batches.length).toBe(1);
      batches[0]?.lose();
      let isDrained = false;
      const drained = queue.drain().then(() => {
        isDrained = true;
      });
      await expect.poll(() => batches.length).toBe(2);
      expect(isDrained).toBe(false);
      batches[1]?.keep();
      expect(await asked).toBe('answer 2 to 1');
      await drained;
    });
  });
});
