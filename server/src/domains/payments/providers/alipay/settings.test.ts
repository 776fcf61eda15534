import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SettingValues, withDefaults } from '../../core/settings.ts';
import type { Place } from '../../provider.ts';
import { alipay } from './index.ts';
import { alipaySettings } from './settings.ts';

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const publicOf = (key: KeyObject) =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
const ours = newKey();
const settings: SettingValues = withDefaults(alipaySettings, {
  app_id: '2021000000000001',
  seller_id: '2088000000000001',
  private_key: ours.export({ type: 'pkcs8', format: 'pem' }).toString(),
  alipay_public_key: publicOf(newKey()),
});

describe('check', () => {
  const live: Place = { mode: 'live', publicUrl: 'https://sluice.example.com' };
  const check = (changes: SettingValues, place = live) =>
    alipay.online?.check({ ...settings, ...changes }, place);

  it('lets settings pass that can work', () => {
    expect(check({})).toBeUndefined();
    const place: Place = { mode: 'sandbox', publicUrl: 'http://127.0.0.1:1' };
    expect(check({ api_url: 'http://127.0.0.1:1/sandbox/alipay' }, place)).toBeUndefined();
    const trial = 'https://openapi-sandbox.dl.alipaydev.com';
    expect(check({ api_url: trial, app_id: '9021000000000001' }, place)).toBeUndefined();
  });

  it('lets a sandbox move no real money', () => {
    const place: Place = { mode: 'sandbox', publicUrl: 'http://127.0.0.1:1' };
    expect(check({}, place)).toMatch(/real money/);
  });

  it.each<[string, SettingValues, RegExp]>([
    ['a blank private key', { private_key: ' ' }, /private key cannot be read/],
    ['a blank public key', { alipay_public_key: ' ' }, /public key cannot be read/],
    ['our own public key', { alipay_public_key: publicOf(ours) }, /your own public key/],
    ['http', { api_url: 'http://openapi.alipay.com' }, /https/],
    ['the trial environment', { api_url: 'https://openapi-sandbox.dl.alipaydev.com' }, /trial/],
    ['a trial application', { app_id: '9021000000000001' }, /trial/],
    ['agreements over nothing', { agreements: true, agreement_amount_max: '0.00' }, /most/],
  ])('refuses %s in live mode', (_what, changes, sentence) => {
    expect(check(changes)).toMatch(sentence);
  });
});
