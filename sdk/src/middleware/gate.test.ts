import { describe, expect, it } from 'vitest';
import { answers, createNetwork, type Network } from '../../testkit/network.ts';
import { createSluice } from '../create-sluice.ts';
import { SluiceError, SluiceUnavailableError } from '../errors.ts';
import { openCall } from './call.ts';
import { createGate, rateHeaders, refusalOf } from './gate.ts';

const permit = { decision: 'permit', limits: [] };
const subject = { external_id: 'c' };

function client(network: Network) {
  const options = { baseUrl: 'https://s.example', applicationKey: 'ak-1', fetch: network.fetch };
  return createSluice({ ...options, failure: 'closed' });
}

const presenting = (headers: Record<string, string>, ip?: string) => ({
  headerOf: (name: string) => headers[name],
  ip,
});

describe('enter', () => {
  it.each([
    [{ authorization: 'Bearer sk-1' }, { api_key: 'sk-1' }],
    [{ authorization: 'bearer  sk-1' }, { api_key: 'sk-1' }],
    [{ 'x-api-key': 'sk-2' }, { api_key: 'sk-2' }],
    [{ authorization: 'Basic abc', 'x-api-key': 'sk-2' }, { api_key: 'sk-2' }],
  ])('takes %j for %j', async (headers, expected) => {
    const gate = createGate({ client: client(createNetwork()) });
    expect((await gate.enter({}, presenting(headers))).subject).toEqual(expected);
  });

  it('takes no key where the application says who calls', async () => {
    const gate = createGate({ client: client(createNetwork()), subject: () => undefined });
    const entering = gate.enter({}, presenting({ authorization: 'Bearer sk-1' }));
    await expect(entering).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('says that %s is %s', async (ip, expected) => {
    const network = createNetwork(answers(permit));
    const gate = createGate({ client: client(network) });
    const call = await gate.enter({}, presenting({ 'x-api-key': 'sk-1' }, ip));
    await gate.start(call, {});
    expect(network.asked[0]?.body).toMatchObject({ ip: expected, estimate: { requests: 1 } });
    await call.end({ status: 200, isAborted: false });
  });
});

describe('openCall', () => {
  const open = (network: Network) =>
    openCall({
      client: client(network),
      subject,
      ip: undefined,
      settles: ({ status }) => status < 500,
    });
  const ok = { status: 200, isAborted: false };

  it('gives back what is permitted after the caller hung up, and stops', async () => {
    const network = createNetwork(answers(permit), answers({ released: true }));
    const call = open(network);
    const beginning = call.begin({ analyses: 1 });
    await call.end({ status: 200, isAborted: true });
    await expect(beginning).rejects.toMatchObject({ code: 'caller_gone' });
    expect(network.asked.map(({ path }) => path.split('/').at(-1))).toEqual([
      'authorize',
      'release',
    ]);
  });

  it('ends once, however often it is told', async () => {
    const network = createNetwork(answers(permit), answers({}));
    const call = open(network);
    await call.begin({ analyses: 1 });
    await Promise.all([call.end(ok), call.end({ status: 500, isAborted: false })]);
    expect(network.asked.map(({ path }) => path.split('/').at(-1))).toEqual([
      'authorize',
      'settle',
    ]);
  });

  it('reports use that was not asked for, also when it is said after the end', async () => {
    const network = createNetwork(answers(permit), answers({}), answers({ data: [] }));
    const call = open(network);
    await call.begin({ analyses: 1 });
    await call.end({ status: 200, isAborted: true });
    call.use('tokens', 120);
    await call.client.flush();
    expect(network.asked[2]?.body.events).toEqual([
      expect.objectContaining({ subject, meter: 'tokens', quantity: 120 }),
    ]);
  });

  it('reports nothing of a request that costs nothing', async () => {
    const network = createNetwork(answers({}));
    const call = open(network);
    call.use('tokens', 120);
    await call.end({ status: 500, isAborted: false });
    await call.client.flush();
    expect(network.asked).toEqual([]);
  });
});

describe('refusalOf', () => {
  const sluiceSaid = (code: string, status: number) =>
    new SluiceError(code, 'No.', { status, requestId: 'req_1' });

  it('keeps what is wrong with the application’s own key from its callers', () => {
    expect(refusalOf(sluiceSaid('unauthenticated', 401))).toBeUndefined();
    expect(refusalOf(sluiceSaid('api_key_expired', 401))).toBeUndefined();
    expect(refusalOf(sluiceSaid('meter_unknown', 422))).toBeUndefined();
    expect(refusalOf(sluiceSaid('subject_unknown', 404), subject)).toBeUndefined();
    expect(refusalOf(new Error('ours'))).toBeUndefined();
  });

  it('answers 401 for a key that Sluice does not know', () => {
    const refusal = refusalOf(sluiceSaid('subject_unknown', 404), { api_key: 'sk-1' });
    expect(refusal).toMatchObject({ status: 401, body: { error: { code: 'api_key_invalid' } } });
  });

  it('answers 503 while Sluice is away, without where it is', () => {
    const error = new SluiceUnavailableError('unavailable', 'no answer from http://10.0.0.5');
    const refusal = refusalOf(error);
    expect(refusal).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.stringify(refusal)).not.toContain('10.0.0.5');
  });
});

describe('rateHeaders', () => {
  const limit = {
    kind: 'quota' as const,
    subject: { kind: 'organization' as const, id: 'org_1' },
    limit: '3' as string | null,
    used: '1',
    reserved: '1',
    remaining: '1' as string | null,
    resets_at: '2026-01-01T00:01:00.000Z' as string | null,
    hard: true,
  };
  const nowMs = Date.parse('2026-01-01T00:00:00Z');

  it('shows the scarcest that has an end', () => {
    const unlimited = { ...limit, limit: null, remaining: null };
    expect(rateHeaders([unlimited, limit], nowMs)).toEqual({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '1',
      'ratelimit-reset': '60',
    });
    expect(rateHeaders([unlimited], nowMs)).toEqual({});
  });

  it('names no reset of what never begins anew', () => {
    expect(rateHeaders([{ ...limit, resets_at: null }], nowMs)).not.toHaveProperty(
      'ratelimit-reset',
    );
  });
});
