/** The client against a real Sluice, which goes away and comes back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QuotaExceededError, SluiceUnavailableError } from '../../sdk/src/index.ts';
import { createClient, done, newCustomer, until } from '../client.ts';
import { type Imaging, startImaging } from './imaging.ts';

let imaging: Imaging;

beforeAll(async () => {
  imaging = await startImaging();
});
afterAll(() => imaging?.server.dispose());

describe('withAccess', () => {
  it('settles what was used, and refuses what is too much with what, how much and until when', async () => {
    const { key, analyses } = await imaging.customer('basic', 'three-left');
    const sluice = imaging.client();
    const request = { subject: { api_key: key }, estimate: { analyses: 3 } };
    await sluice.withAccess(request, async (access) => {
      expect(access.permit?.limits[0]).toMatchObject({ meter: 'imaging.analyses', reserved: '3' });
      access.use('analyses', 2);
    });
    expect(await analyses()).toEqual({ used: '2', reserved: '0' });
    const error = await sluice.authorize(request).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(QuotaExceededError);
    const { meter, limit, used, window, resetsAt, retryAfterSeconds } = error as QuotaExceededError;
    expect({ meter, limit, used, window }).toEqual({
      meter: 'imaging.analyses',
      limit: '3',
      used: '2',
      window: 'month',
    });
    expect(resetsAt?.getTime()).toBeGreaterThan(Date.now());
    expect(retryAfterSeconds).toBeGreaterThan(0);
  });
});

describe('report', () => {
  it('loses and doubles nothing while Sluice is restarted', async () => {
    const { key, analyses } = await imaging.customer('pro', 'reporting');
    const sluice = imaging.client({ report: { flushIntervalMs: 20 } });
    const event = { subject: { api_key: key }, meter: 'analyses' };
    const report = async (count: number) => {
      for (let sent = 0; sent < count; sent += 1) {
        sluice.report(event);
        if (sent % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await report(50);
    // In the middle of what is on its way.
    await imaging.server.kill9();
    await report(50);
    await imaging.server.restart();
    await report(50);
    await sluice.close();
    expect(await analyses()).toEqual({ used: '150', reserved: '0' });
  });
});

describe('failure', () => {
  it('open tells Sluice afterwards of what passed while it was away; closed stands still', async () => {
    const { key, analyses } = await imaging.customer('pro', 'outage');
    const times = { timeoutMs: 1_000, attemptTimeoutMs: 500 };
    const open = imaging.client({ failure: 'open', ...times });
    const closed = imaging.client(times);
    const request = { subject: { api_key: key }, estimate: { analyses: 1 } };
    await imaging.server.stop();
    expect(await open.withAccess(request, async () => 'done')).toBe('done');
    await expect(closed.withAccess(request, async () => 'done')).rejects.toBeInstanceOf(
      SluiceUnavailableError,
    );
    await imaging.server.restart();
    await open.close();
    expect(await analyses()).toEqual({ used: '1', reserved: '0' });
  });

  it('while work is done, its settle waits for Sluice', async () => {
    const { key, analyses } = await imaging.customer('pro', 'settling');
    const sluice = imaging.client({ timeoutMs: 500 });
    const request = { subject: { api_key: key }, estimate: { analyses: 1 } };
    await sluice.withAccess(request, () => imaging.server.stop());
    await imaging.server.restart();
    await sluice.close();
    expect(await analyses()).toEqual({ used: '1', reserved: '0' });
  });
});

describe('verifyAccessToken', () => {
  it('knows who signed in at Sluice', async () => {
    const person = await newCustomer(imaging.server, 'token');
    const { access_token, user } = await done(
      createClient(imaging.server).post('/api/v1/auth/login', {
        login: person.email,
        password: person.password,
      }),
    );
    const sluice = imaging.client();
    expect(await sluice.verifyAccessToken(access_token)).toMatchObject({ sub: user.id });
    const [head, body] = access_token.split('.');
    await expect(sluice.verifyAccessToken(`${head}.${body}.AAAA`)).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });
});

describe('subjects', () => {
  it('are the application’s own customers, with what their plan gives', async () => {
    const sluice = imaging.client();
    const { organization } = await sluice.subjects.register('clinic-7', { name: 'Clinic 7' });
    const subject = { external_id: 'clinic-7' };
    expect(await sluice.hasFeature(subject, 'sso')).toBe(false);
    const path = `/api/v1/admin/organizations/${organization}/plan`;
    await done(imaging.operator.put(path, { plan: 'imaging-pro' }));
    expect(await until(() => sluice.hasFeature(subject, 'sso'))).toBe(true);
    expect((await sluice.features(subject)).plan?.slug).toBe('imaging-pro');
  });
});
