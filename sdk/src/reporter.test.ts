import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Asked,
  answers,
  createNetwork,
  isAway,
  type Network,
  refuses,
} from '../testkit/network.ts';
import { createReporter, ReportBufferFullError, type ReportOptions } from './reporter.ts';
import { createSend } from './transport.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function reporter(network: Network, options?: ReportOptions) {
  const connection = { baseUrl: 'https://s.example', applicationKey: 'ak-1' };
  const times = { timeoutMs: 5_000, attemptTimeoutMs: 2_000 };
  return createReporter(createSend({ ...connection, ...times, fetch: network.fetch }), options);
}

const event = { subject: { external_id: 'c' }, meter: 'analyses' };
const all = answers({ data: [] });
const idsOf = ({ body }: Asked) => body.events.map(({ id }: { id: string }) => id);

describe('report', () => {
  it('sends what came within the interval together, each with an id and its time', async () => {
    const network = createNetwork(all);
    const { report } = reporter(network, { flushIntervalMs: 500 });
    const ids = [report(event), report({ ...event, id: 'mine' })];
    await vi.advanceTimersByTimeAsync(499);
    expect(network.asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(network.asked.map(idsOf)).toEqual([ids]);
    expect(ids[1]).toBe('mine');
    expect(network.asked[0]?.body.events[0].time).toMatch(/^\d{4}-.*Z$/);
  });

  it('sends a thousand at most at once, and a thousand without waiting', async () => {
    const network = createNetwork(all);
    const reports = reporter(network, { flushIntervalMs: 60_000 });
    for (let count = 0; count < 2_500; count += 1) reports.report(event);
    await vi.advanceTimersByTimeAsync(10);
    expect(network.asked.map((asked) => idsOf(asked).length)).toEqual([1_000, 1_000]);
    await reports.flush();
    expect(network.asked.map((asked) => idsOf(asked).length)).toEqual([1_000, 1_000, 500]);
    expect(new Set(network.asked.flatMap(idsOf)).size).toBe(2_500);
  });

  it('sends the same events again until they are heard', async () => {
    const network = createNetwork(
      isAway,
      refuses(503, { code: 'unavailable' }),
      refuses(401, { code: 'unauthenticated' }),
      all,
    );
    const onRetry = vi.fn();
    const reports = reporter(network, { onRetry });
    const id = reports.report(event);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(network.asked.map(idsOf)).toEqual([[id], [id], [id], [id]]);
    expect(onRetry).toHaveBeenCalledTimes(3);
    expect(reports.waiting).toBe(0);
  });

  it('loses only the event that Sluice refuses, and says which', async () => {
    const refused = { id: 'b', status: 'refused', code: 'meter_unknown', message: 'None such.' };
    const accepted = { id: 'a', status: 'accepted' };
    const onLost = vi.fn();
    const reports = reporter(createNetwork(answers({ data: [accepted, refused] })), { onLost });
    reports.report({ ...event, id: 'a' });
    reports.report({ ...event, id: 'b' });
    await reports.flush();
    expect(onLost).toHaveBeenCalledWith([
      {
        event: expect.objectContaining({ id: 'b' }),
        error: expect.objectContaining({ code: 'meter_unknown', message: 'None such.' }),
      },
    ]);
  });

  it('halves a batch that is refused as a whole until the culprit is alone', async () => {
    const network = createNetwork((asked) =>
      idsOf(asked).includes('bad')
        ? refuses(400, { code: 'malformed' })()
        : Response.json({ data: [] }),
    );
    const onLost = vi.fn();
    const reports = reporter(network, { onLost });
    for (const id of ['a', 'b', 'bad', 'c', 'd']) reports.report({ ...event, id });
    await reports.flush();
    expect(onLost.mock.calls[0]?.[0]).toHaveLength(1);
    expect(onLost.mock.calls[0]?.[0][0].event.id).toBe('bad');
    expect(network.asked.filter((asked) => !idsOf(asked).includes('bad')).flatMap(idsOf)).toEqual(
      expect.arrayContaining(['a', 'b', 'c', 'd']),
    );
  });

  it('goes on when a listener throws', async () => {
    const thrown: unknown[] = [];
    const keep = (error: unknown) => thrown.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').once('uncaughtException', keep);
    const network = createNetwork(isAway, all);
    const reports = reporter(network, {
      onRetry: () => {
        throw new Error('a listener of theirs');
      },
    });
    reports.report(event);
    await vi.advanceTimersByTimeAsync(10_000);
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
    expect(reports.waiting).toBe(0);
    expect(thrown).toHaveLength(1);
  });
});

describe('a full buffer', () => {
  it('throws where nothing else was chosen, and keeps what it has', async () => {
    const network = createNetwork(isAway, all);
    const reports = reporter(network, { bufferMax: 2 });
    const ids = [reports.report(event), reports.report(event)];
    expect(() => reports.report(event)).toThrow(ReportBufferFullError);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(idsOf(network.asked.at(-1) as Asked)).toEqual(ids);
  });

  it('drops the oldest where that was chosen, and says so', () => {
    const onLost = vi.fn();
    const reports = reporter(createNetwork(isAway), {
      bufferMax: 2,
      whenFull: 'drop-oldest',
      onLost,
    });
    for (const id of ['a', 'b', 'c']) reports.report({ ...event, id });
    expect(reports.waiting).toBe(2);
    expect(onLost).toHaveBeenCalledWith([
      {
        event: expect.objectContaining({ id: 'a' }),
        error: expect.objectContaining({ code: 'buffer_full' }),
      },
    ]);
  });

  it('drops none that is on its way', async () => {
    let answer = (_response: Response) => {};
    const network = createNetwork(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      all,
    );
    const onLost = vi.fn();
    const reports = reporter(network, { bufferMax: 2, whenFull: 'drop-oldest', onLost });
    reports.report({ ...event, id: 'a' });
    await vi.advanceTimersByTimeAsync(1_000);
    for (const id of ['b', 'c']) reports.report({ ...event, id });
    expect(onLost.mock.calls[0]?.[0][0].event.id).toBe('b');
    answer(Response.json({ data: [] }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(network.asked.map(idsOf)).toEqual([['a'], ['c']]);
  });
});

describe('flush', () => {
  it('is done at once where nothing waits', async () => {
    await reporter(createNetwork(all)).flush();
  });

  it('rejects where Sluice stays away, and the events go on waiting', async () => {
    const network = createNetwork(isAway);
    const reports = reporter(network);
    reports.report(event);
    const flushed = reports.flush(5_000).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await flushed).toMatchObject({ name: 'SluiceUnavailableError', code: 'unavailable' });
    expect(reports.waiting).toBe(1);
  });
});
