import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { changeSettings, isReady, withDefaults } from '../../core/settings.ts';
import { wechat } from './index.ts';
import { checkWechatSettings, wechatSettings } from './settings.ts';
import known from './vectors.json' with { type: 'json' };

const certificate =
  known.vectors.find(({ id }) => id === 'wechat-notify-full')?.platformCertPem ?? '';
const own = pairOf(2048);
const platform = pairOf(2048);
const written = {
  mchid: '1900000109',
  appid: 'wx8888888888888888',
  merchant_serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  private_key: own.privateKey,
  api_v3_key: '0123456789abcdef0123456789ABCDEF',
  platform_key_id: 'PUB_KEY_ID_0119000001092024',
  platform_public_key: platform.publicKey,
};
const place = { mode: 'live', publicUrl: 'https://sluice.example' } as const;

function pairOf(modulusLength: number) {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

const check = (
  changes: Record<string, string>,
  at: Parameters<typeof checkWechatSettings>[1] = place,
) => checkWechatSettings(withDefaults(wechatSettings, { ...written, ...changes }), at);
const inCertificateMode = {
  ...{ platform_key_id: '', platform_public_key: '' },
  platform_certificates: certificate,
};

describe('changeSettings', () => {
  it.each([
    ['sixteen characters', 'testMchAPIv3Key0'],
    ['thirty-one', 'k'.repeat(31)],
    ['thirty-three', 'k'.repeat(33)],
    ['sixteen that take two bytes each', 'é'.repeat(16)],
    ['thirty-two that take two bytes each', 'é'.repeat(32)],
    ['a space within', `${'k'.repeat(15)} ${'k'.repeat(16)}`],
  ])('attack 19: takes no APIv3 key of %s', (_what, key) => {
    const change = changeSettings(wechatSettings, {}, { api_v3_key: key });
    expect(change).toMatchObject({ accepted: false, param: 'settings.api_v3_key' });
    expect(JSON.stringify(change)).not.toContain(key);
  });

  it('takes all of them as an operator writes them', () => {
    expect(changeSettings(wechatSettings, {}, written)).toMatchObject({ accepted: true });
    expect(isReady(wechatSettings, written)).toBe(true);
  });
});

describe('checkWechatSettings', () => {
  it('takes a public key and its id', () => {
    expect(check({})).toBeUndefined();
  });

  it('takes platform certificates instead, or both', () => {
    expect(check(inCertificateMode)).toBeUndefined();
    expect(check({ platform_certificates: `${certificate}\n${certificate}` })).toBeUndefined();
  });

  it.each([
    ['in one line', (pem: string) => pem.replaceAll('\n', ' ')],
    ['with written line breaks', (pem: string) => pem.replaceAll('\n', '\\n')],
    ['with Windows line breaks', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['with a name before it', (pem: string) => `apiclient_key.pem:\n${pem}`],
  ])('reads PEM %s', (_how, write) => {
    const keys = {
      private_key: write(written.private_key),
      platform_public_key: write(written.platform_public_key),
      platform_certificates: write(certificate),
    };
    expect(check(keys)).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string]>([
    ['no private key', { private_key: 'MIIE' }, 'apiclient_key.pem'],
    ['a public key as the private one', { private_key: platform.publicKey }, 'apiclient_key.pem'],
    ['a private key that is too short', { private_key: pairOf(1024).privateKey }, 'apiclient_key'],
    ['an id without its key', { platform_public_key: '' }, 'together'],
    ['a key without its id', { platform_key_id: '' }, 'together'],
    ['no key of the platform', { platform_key_id: '', platform_public_key: '' }, 'certificates'],
    ['a private key as the public one', { platform_public_key: platform.privateKey }, 'cannot be'],
    ['a broken certificate', { platform_certificates: certificate.slice(0, 400) }, 'cannot be'],
    ['our own public key', { platform_public_key: own.publicKey }, 'your own'],
    [
      'our own certificate',
      { ...inCertificateMode, merchant_serial: 'D7CE59D1F522D701' },
      'your own',
    ],
  ])('refuses %s', (_what, changes, sentence) => {
    expect(check(changes)).toContain(sentence);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an API in the open', { api_url: 'http://api.mch.weixin.qq.com' }, place.publicUrl],
    ['news in the open', {}, 'http://sluice.example'],
    ['an address of news with a query', {}, 'https://sluice.example/?a=1'],
  ])('refuses %s in live mode only', (_what, changes, publicUrl) => {
    expect(check(changes, { mode: 'live', publicUrl })).toContain('https');
    const api = { api_url: 'http://localhost:9000/sandbox/wechat' };
    expect(check({ ...changes, ...api }, { mode: 'sandbox', publicUrl })).toBeUndefined();
  });

  it('attack 23: moves no real money in a sandbox, whose clock can be moved', () => {
    expect(check({}, { mode: 'sandbox', publicUrl: place.publicUrl })).toContain('real money');
  });

  it('never says what it was given', () => {
    const secret = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----`;
    expect(check({ private_key: secret })).not.toContain('AAAA');
  });
});

describe('connect', () => {
  it('stands keys that cannot be read, and verifies nothing with them', async () => {
    const values = withDefaults(wechatSettings, { ...written, platform_public_key: 'junk' });
    const silent = {
      resolve: (url: string) => url,
      get: async () => undefined,
      send: async () => undefined,
    };
    const connection = wechat.online?.connect({ ...values, private_key: 'junk' }, silent);
    const notification = { method: 'POST', query: '', headers: {}, body: Buffer.alloc(0) };
    expect(await connection?.verify(notification)).toMatchObject({ verified: false });
    expect(await connection?.probe()).toMatchObject({ answers: false });
  });
});
