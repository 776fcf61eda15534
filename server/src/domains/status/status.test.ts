import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createServiceRecord, type EndedCall } from '../gateway/index.ts';
import { changeSettings } from '../settings/index.ts';
import { createIncident, updateIncident } from './operations/post-incident.ts';
import { listIncidents } from './operations/read-incidents.ts';
import { readStatus } from './operations/read-status.ts';
import { createStatusBoard } from './status-board.ts';

let db: TestDatabase;
let platform: TestPlatform;
const offered = new Set(['a', 'b', 'quiet']);

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
});
/** Each test has days of its own. */
beforeEach(() => platform.clocks.advance('P200D'));
afterAll(() => db.close());

const context = () => testContext(platform);
const status = () => readStatus(context(), offered);
const told = { title: 'Slow answers', impact: 'degraded', state: 'investigating' } as const;
const open = (models: string[] = []) =>
  createIncident(context(), { ...told, models, text: 'We are looking into it.' });

async function called(count: number, call: Partial<EndedCall> = {}): Promise<void> {
  const record = createServiceRecord(platform);
  for (let index = 0; index < count; index += 1) {
    record.note({ model: 'a', ending: 'served', firstTokenMs: 100, wholeMs: 1000, ...call });
  }
  await record.flush();
}

describe('readStatus', () => {
  test('tells nothing where nothing was called', async () => {
    const { state, overall, models, incidents } = await status();
    expect({ state, models, incidents }).toEqual({
      ...{ state: 'unmeasured', models: [], incidents: [] },
    });
    expect(overall).toMatchObject({ availability_percent: null, error_percent: null });
    expect(overall.days).toEqual(Array.from({ length: 90 }, () => null));
  });

  test('tells levels of each model and of all, day by day', async () => {
    await called(90);
    await called(10, { ending: 'failed_upstream' });
    platform.clocks.advance('P2D');
    await called(95);
    await called(5, { ending: 'failed_here' });
    await called(100, { model: 'b', wholeMs: 60_000, firstTokenMs: null });
    const { overall, models, from } = await status();
    expect(models.map(({ model }) => model)).toEqual(['a', 'b']);
    expect(models[0]).toMatchObject({ availability_percent: 92.5, error_percent: 7.5 });
    expect(models[0]?.days.slice(-3)).toEqual([90, null, 95]);
    expect(models[1]).toMatchObject({ availability_percent: 100, first_token_p95_ms: null });
    expect(overall.days.slice(-3)).toEqual([90, null, 97.5]);
    expect(overall.days).toHaveLength(90);
    const today = platform.clocks.wall().getTime();
    expect(Math.floor((today - Date.parse(from)) / 86_400_000)).toBe(89);
    // To within a step, and never too short.
    expect(models[0]?.whole_p95_ms).toBeGreaterThanOrEqual(1000);
    expect(models[0]?.whole_p95_ms).toBeLessThanOrEqual(1190);
    expect(overall.whole_p95_ms).toBeGreaterThanOrEqual(60_000);
  });

  test('tells nothing of a few calls, of models that are not offered, or of what failed before its model was known', async () => {
    await called(9, { model: 'quiet', ending: 'failed_here' });
    await called(50, { model: 'withdrawn' });
    await called(50, { model: '', ending: 'failed_here' });
    const { models, overall, state } = await status();
    expect(models).toEqual([]);
    expect(overall.availability_percent).toBe(45.871);
    expect(state).toBe('outage');
  });

  test('forgets what is older than 90 days', async () => {
    await called(50);
    platform.clocks.advance('P90D');
    expect((await status()).overall.availability_percent).toBeNull();
  });

  test.each([
    [100, 0, 'operational'],
    [99, 1, 'operational'],
    [98, 2, 'degraded'],
    [50, 50, 'degraded'],
    [49, 51, 'outage'],
    [9, 0, 'unmeasured'],
  ])('of %i served and %i failed calls it says %s', async (served, failed, state) => {
    await called(served);
    await called(failed, { ending: 'failed_upstream' });
    expect((await status()).state).toBe(state);
    platform.clocks.advance('PT30M');
    expect((await status()).state).toBe('unmeasured');
  });
});

describe('an incident', () => {
  test('makes the state of its models and of the whole as bad as it says, until it is resolved', async () => {
    await called(50);
    await called(50, { model: 'b' });
    const { id } = await open(['b']);
    const states = async () => {
      const { state, models } = await status();
      return [state, ...models.map((one) => one.state)];
    };
    expect(await states()).toEqual(['degraded', 'operational', 'degraded']);
    await updateIncident(context(), id, { state: 'identified', impact: 'outage', text: 'Worse.' });
    expect(await states()).toEqual(['outage', 'operational', 'outage']);
    platform.clocks.advance('PT1M');
    const done = await updateIncident(context(), id, { state: 'resolved', text: 'It is over.' });
    expect(done.resolved_at).toBe(platform.clocks.wall().toISOString());
    expect(await states()).toEqual(['operational', 'operational', 'operational']);
    expect(done.updates.map(({ state }) => state)).toEqual([
      'resolved',
      'identified',
      'investigating',
    ]);
    const again = await updateIncident(context(), id, { state: 'monitoring', text: 'Not quite.' });
    expect(again.resolved_at).toBeNull();
    await updateIncident(context(), id, { state: 'resolved', text: 'Now it is.' });
  });

  test('is shown while it is open, and 90 days after it ended', async () => {
    const { id } = await open();
    platform.clocks.advance('P120D');
    expect((await status()).incidents.map((one) => one.id)).toEqual([id]);
    await updateIncident(context(), id, { state: 'resolved', text: 'It is over.' });
    platform.clocks.advance('P89D');
    expect((await status()).incidents.map((one) => one.id)).toEqual([id]);
    platform.clocks.advance('P2D');
    expect((await status()).incidents).toEqual([]);
    const { data } = await listIncidents(context(), { limit: 1 });
    expect(data.map((one) => one.id)).toEqual([id]);
  });

  test('that is not there is refused', async () => {
    await expect(
      updateIncident(context(), 'inc_none', { state: 'resolved', text: 'Over.' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the board', () => {
  test('is read once, however many ask', async () => {
    let read = 0;
    const board = createStatusBoard(() => {
      read += 1;
      return offered;
    });
    await Promise.all(Array.from({ length: 50 }, () => board.read(context())));
    expect(read).toBe(1);
    board.forget();
    await board.read(context());
    expect(read).toBe(2);
  });

  test('is not there where operators keep it to themselves', async () => {
    const board = createStatusBoard(() => offered);
    await changeSettings(context(), { public_status: false });
    await expect(board.read(context())).rejects.toMatchObject({ code: 'not_found' });
    await changeSettings(context(), { public_status: true });
    board.forget();
    expect((await board.read(context())).state).toBe('unmeasured');
  });
});
