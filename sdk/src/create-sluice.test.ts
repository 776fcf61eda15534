import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answers, createNetwork, isAway, type Network, refuses } from '../testkit/network.ts';
import { createSluice, type SluiceOptions } from './create-sluice.ts';
import {
  InsufficientFundsError,
  QuotaExceededError,
  RateLimitedError,
  SluiceError,
  SluiceUnavailableError,
} from './errors.ts';

const subject = { external_id: 'customer-42' };
const estimate = { analyses: 1 };
const permit = { decision: 'permit', request_id: 'r', call: 'req_1', limits: [] };

function client(network: Network, options: Partial<SluiceOptions> = {}) {
  return createSluice({
    baseUrl: 'https://sluice.example/',
    applicationKey: 'ak-1',
    failure: 'closed',
    fetch: network.fetch,
    ...options,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets timers pass until the work is over. */
async function passTime<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  work.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  for (let step = 0; step < 2_000 && !isOver; step += 1) await vi.advanceTimersByTimeAsync(50);
  return work;
}
const failureOf = (work: Promise<unknown>) => passTime(work).catch((error: unknown) => error);

describe('createSluice', () => {
  it('refuses to be made without a choice of what happens while Sluice is away', () => {
    const options = { baseUrl: 'https://a.example', applicationKey: 'ak-1' } as SluiceOptions;
    expect(() => createSluice(options)).toThrow(/failure must be "open" or "closed"/);
  });
});

describe('authorize', () => {
  it('sends the application key and an id of its own, and answers the permit', async () => {
    const network = createNetwork(answers(permit));
    expect(await client(network).authorize({ subject, estimate })).toEqual(permit);
    const [asked] = network.asked;
    expect(asked).toMatchObject({ method: 'POST', path: '/api/v1/access/authorize' });
    expect(asked?.headers.get('authorization')).toBe('Bearer ak-1');
    expect(asked?.body).toEqual({
      request_id: expect.stringMatching(/^[\w-]{36}$/),
      subject,
      estimate,
    });
  });

  it('asks again under the same id when the answer was lost', async () => {
    const network = createNetwork(isAway, refuses(503, { code: 'unavailable' }), answers(permit));
    await passTime(client(network).authorize({ subject, estimate }));
    expect(new Set(network.asked.map(({ body }) => body.request_id)).size).toBe(1);
    expect(network.asked).toHaveLength(3);
  });

  it('does not ask again when it was refused', async () => {
    const network = createNetwork(refuses(429, { code: 'quota_exceeded' }), answers(permit));
    expect(await failureOf(client(network).authorize({ subject, estimate }))).toBeInstanceOf(
      QuotaExceededError,
    );
    expect(network.asked).toHaveLength(1);
  });

  it('waits as long as Sluice asks for', async () => {
    const network = createNetwork(
      refuses(503, { code: 'unavailable' }, { 'retry-after': '2' }),
      answers(permit),
    );
    const startedMs = Date.now();
    await passTime(client(network).authorize({ subject, estimate }));
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(2_000);
  });

  it('gives up at once when Sluice asks for more time than there is', async () => {
    const network = createNetwork(
      refuses(503, { code: 'unavailable' }, { 'retry-after': '60' }),
      answers(permit),
    );
    const error = await client(network)
      .authorize({ subject, estimate })
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(SluiceUnavailableError);
    expect(error).toMatchObject({ retryAfterSeconds: 60, status: 503, requestId: 'req_1' });
  });

  it('ends a try that hangs, and all tries together at the deadline', async () => {
    const network: Network = {
      asked: [],
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => {
          network.asked.push({} as never);
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        }),
    };
    const startedMs = Date.now();
    const options = { timeoutMs: 3_000, attemptTimeoutMs: 1_000 };
    const error = await failureOf(client(network, options).authorize({ subject, estimate }));
    expect(error).toBeInstanceOf(SluiceUnavailableError);
    expect(Date.now() - startedMs).toBeLessThanOrEqual(3_100);
    expect(network.asked.length).toBeGreaterThan(1);
  });

  it('takes a page of something in between for no answer of Sluice', async () => {
    const network = createNetwork(() => new Response('<h1>Hello</h1>', { status: 200 }));
    const error = await failureOf(client(network).authorize({ subject, estimate }));
    expect(error).toMatchObject({ code: 'unexpected_answer', status: 200 });
  });
});

describe('errors', () => {
  const limit = {
    kind: 'quota',
    meter: 'medical.analyses',
    window: 'month',
    subject: { kind: 'organization', id: 'org_1' },
    limit: '10',
    used: '10',
    reserved: '0',
    remaining: '0',
    resets_at: '2026-12-01T00:00:00.000Z',
    hard: true,
  };

  it('say of which meter, how much, and until when', async () => {
    const network = createNetwork(
      refuses(429, { code: 'quota_exceeded', limit, retry_after_seconds: 60 }),
    );
    const error = await failureOf(client(network).authorize({ subject, estimate }));
    expect(error).toBeInstanceOf(QuotaExceededError);
    const { meter, limit: most, used, remaining, window, resetsAt } = error as QuotaExceededError;
    expect({ meter, most, used, remaining, window }).toEqual({
      meter: 'medical.analyses',
      most: '10',
      used: '10',
      remaining: '0',
      window: 'month',
    });
    expect(resetsAt).toEqual(new Date('2026-12-01T00:00:00Z'));
    expect(error).toMatchObject({ retryAfterSeconds: 60, requestId: 'req_1', status: 429 });
  });

  it.each([
    [402, 'spend_cap_exceeded', QuotaExceededError],
    [402, 'insufficient_funds', InsufficientFundsError],
    [429, 'rate_limited', RateLimitedError],
    [429, 'concurrency_exceeded', RateLimitedError],
    [403, 'forbidden', SluiceError],
  ])('%i %s has a class of its own', async (status, code, kind) => {
    const network = createNetwork(refuses(status, { code }));
    const error = await failureOf(client(network).authorize({ subject, estimate }));
    expect((error as object).constructor).toBe(kind);
    expect(error).toMatchObject({ code, status, name: kind.name });
  });
});

describe('withAccess', () => {
  const receipt = { amount: '0' };

  it('settles what the work said that it used', async () => {
    const network = createNetwork(answers(permit), answers(receipt));
    const result = await client(network).withAccess({ subject, estimate }, async (access) => {
      access.use('tokens', 120);
      return 'done';
    });
    expect(result).toBe('done');
    expect(network.asked[1]).toMatchObject({
      path: '/api/v1/access/settle',
      body: { usage: { analyses: 1, tokens: 120 }, outcome: 'completed' },
    });
  });

  it('settles a model call with its tokens, or with the most where nobody counted', async () => {
    const network = createNetwork(answers(permit), answers(receipt));
    const request = { subject, model: 'm', estimate: { input_tokens: 9, max_output_tokens: 50 } };
    const counted = { input_tokens: 8, output_tokens: 20 };
    await client(network).withAccess(request, async (access) => access.useTokens(counted));
    expect(network.asked[1]?.body.usage).toEqual(counted);
    network.asked.length = 0;
    await client(network).withAccess(request, async () => undefined);
    expect(network.asked[1]?.body.usage).toEqual({
      input_tokens: 9,
      output_tokens: 50,
      estimated: true,
    });
  });

  it('refuses a quantity that is none where it is said', async () => {
    const network = createNetwork(answers(permit), answers({ released: true }));
    const work = client(network).withAccess({ subject, estimate }, async (access) =>
      access.use('tokens', Number.NaN),
    );
    await expect(work).rejects.toThrow(/"NaN" is no quantity of tokens/);
  });

  it('releases, and throws what the work threw', async () => {
    const network = createNetwork(answers(permit), answers({ released: true }));
    const work = client(network).withAccess({ subject, estimate }, async () => {
      throw new RangeError('broken scan');
    });
    await expect(work).rejects.toThrow(new RangeError('broken scan'));
    expect(network.asked[1]?.path).toBe('/api/v1/access/release');
  });

  it('keeps the hold of long work', async () => {
    const network = createNetwork(answers(permit));
    const request = { subject, estimate, hold_seconds: 30 };
    await passTime(
      client(network).withAccess(
        request,
        () => new Promise((resolve) => setTimeout(resolve, 25_000)),
      ),
    );
    expect(network.asked.map(({ path }) => path.split('/').at(-1))).toEqual([
      'authorize',
      'renew',
      'renew',
      'settle',
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(network.asked).toHaveLength(4);
  });

  it('answers while Sluice is away, and settles when it is back', async () => {
    const network = createNetwork(answers(permit), ...Array(20).fill(isAway), answers(receipt));
    const sluice = client(network);
    expect(await passTime(sluice.withAccess({ subject, estimate }, async () => 'done'))).toBe(
      'done',
    );
    await passTime(sluice.close());
    expect(network.asked.at(-1)?.body.request_id).toBe(network.asked[0]?.body.request_id);
    expect(network.asked).toHaveLength(22);
  });

  it('tells of a settle that Sluice refuses', async () => {
    const network = createNetwork(answers(permit), refuses(409, { code: 'request_closed' }));
    const lost = vi.fn();
    const sluice = client(network, { onSettlementLost: lost });
    await expect(sluice.withAccess({ subject, estimate }, async () => 1)).rejects.toThrow('No.');
    await passTime(Promise.resolve());
    expect(lost).toHaveBeenCalledWith({
      request: expect.objectContaining({ usage: { analyses: 1 } }),
      error: expect.objectContaining({ code: 'request_closed' }),
    });
  });
});

describe('failure', () => {
  it('closed throws before any work', async () => {
    const work = vi.fn();
    const access = client(createNetwork(isAway)).withAccess({ subject, estimate }, work);
    expect(await failureOf(access)).toBeInstanceOf(SluiceUnavailableError);
    expect(work).not.toHaveBeenCalled();
  });

  it('open works, says so, and tells Sluice of the use afterwards', async () => {
    const onFailedOpen = vi.fn();
    const network = createNetwork(isAway, isAway, isAway, isAway, answers({ data: [] }));
    const sluice = client(network, { failure: 'open', onFailedOpen });
    const access = sluice.withAccess({ subject, estimate }, async () => 'done');
    expect(await passTime(access)).toBe('done');
    await passTime(sluice.close());
    expect(onFailedOpen).toHaveBeenCalledTimes(1);
    expect(network.asked.at(-1)?.path).toBe('/api/v1/billing/usage/events');
    expect(network.asked.at(-1)?.body.events).toEqual([
      expect.objectContaining({
        id: `${network.asked[0]?.body.request_id}:analyses`,
        subject,
        meter: 'analyses',
        quantity: 1,
      }),
    ]);
  });

  it('open passes no refusal', async () => {
    const network = createNetwork(refuses(429, { code: 'quota_exceeded' }));
    const access = client(network, { failure: 'open' }).withAccess({ subject, estimate }, vi.fn());
    expect(await failureOf(access)).toBeInstanceOf(QuotaExceededError);
  });
});

describe('checkRateLimit', () => {
  const request = { subject, name: 'search', limit: 60, window_seconds: 60 };

  it('asks once only, because each try counts', async () => {
    const network = createNetwork(isAway);
    await failureOf(client(network).checkRateLimit(request));
    expect(network.asked).toHaveLength(1);
  });

  it('passes while Sluice is away and failure is open', async () => {
    const answer = await client(createNetwork(isAway), { failure: 'open' }).checkRateLimit(request);
    expect(answer).toMatchObject({ allowed: true, limit: 60 });
  });
});

describe('hasFeature', () => {
  it.each([
    [true, true],
    [false, false],
    [5, true],
    [0, false],
    ['eu', true],
    [undefined, false],
  ])('takes %s for %s', async (value, expected) => {
    const network = createNetwork(answers({ data: { sso: value }, plan: null }));
    expect(await client(network).hasFeature(subject, 'sso')).toBe(expected);
  });

  it('keeps secrets out of addresses', async () => {
    const network = createNetwork(answers({ data: {} }));
    await client(network).hasFeature({ api_key: 'sk-secret' }, 'sso');
    expect(network.asked[0]?.path).toBe('/api/v1/access/features');
    expect(network.asked[0]?.headers.get('sluice-subject')).toBe('sk-secret');
  });
});

describe('subjects.register', () => {
  it('writes an id of any form into the path', async () => {
    const network = createNetwork(answers({}));
    await client(network).subjects.register('a/b?c', { name: 'A' });
    expect(network.asked[0]).toMatchObject({
      method: 'PUT',
      path: '/api/v1/access/subjects/a%2Fb%3Fc',
      body: { name: 'A' },
    });
  });
});
