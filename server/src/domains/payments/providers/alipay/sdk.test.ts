/** Alipay's own SDK, as it is, judges the simulator that judges us: every answer's signature is validated. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { AlipaySdk } from 'alipay-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { outside } from '../../outside.ts';
import { alipay } from './index.ts';
import { loadSdk } from './load-sdk.ts';
import { readBill } from './statement.ts';
import { writeBeijingTime } from './time.ts';

describe('the SDK against the simulator', () => {
  let sandbox: Sandbox;
  let sdk: AlipaySdk;
  const base = () => `http://127.0.0.1:${sandbox.port}/sandbox`;
  const sdkWith = async (alipayPublicKey: string) => {
    const { AlipaySdk: Sdk } = await loadSdk();
    return new Sdk({
      appId: sandbox.alipay.app_id,
      privateKey: sandbox.alipay.private_key,
      keyType: 'PKCS8',
      alipayPublicKey,
      gateway: `${base()}/alipay/gateway.do`,
    });
  };
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
    sdk = await sdkWith(sandbox.alipay.alipay_public_key);
  });
  afterAll(() => sandbox.close());

  const exec = (method: string, bizContent: object, by = sdk) => {
    const timestamp = writeBeijingTime(new Date());
    return by.exec(method, { timestamp, bizContent }, { validateSign: true });
  };
  const steer = (number: string, body: object) =>
    fetch(`${base()}/alipay/orders/${number}`, { method: 'POST', body: JSON.stringify(body) });
  const order = (outTradeNo: string) => ({
    outTradeNo,
    totalAmount: '144.07',
    subject: '套餐 100%',
  });

  it('orders, queries, closes', async () => {
    const made = await exec('alipay.trade.precreate', order('n1'));
    expect(made).toMatchObject({ code: '10000', outTradeNo: 'n1', qrCode: expect.any(String) });
    expect(await exec('alipay.trade.query', { outTradeNo: 'n1' })).toMatchObject({
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
    });
    await fetch(String(made.qrCode));
    expect(await exec('alipay.trade.query', { outTradeNo: 'n1' })).toMatchObject({
      tradeStatus: 'WAIT_BUYER_PAY',
      totalAmount: '144.07',
    });
    expect(await exec('alipay.trade.close', { outTradeNo: 'n1' })).toMatchObject({ code: '10000' });
  });

  it('leads to the pages, by link and by form', async () => {
    const content = { ...order('n2'), productCode: 'FAST_INSTANT_TRADE_PAY' };
    const params = { timestamp: writeBeijingTime(new Date()), bizContent: content };
    const link = await fetch(sdk.pageExecute('alipay.trade.page.pay', 'GET', params), {
      redirect: 'manual',
    });
    expect(link.status).toBe(302);
    const form = sdk.pageExecute('alipay.trade.page.pay', 'POST', params);
    const [, action = ''] = /action="([^"]+)"/.exec(form) ?? [];
    const fields = [...form.matchAll(/name="([^"]+)" value="([^>]*)" \/>/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')],
    );
    const posted = await fetch(action, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
    });
    expect(posted.headers.get('location')).toBe(link.headers.get('location'));
  });

  it('refunds, asks about it, and fetches the bill of the day', async () => {
    await exec('alipay.trade.precreate', order('n3'));
    await steer('n3', { outcome: 'paid', notify: 'none' });
    const refund = { outTradeNo: 'n3', refundAmount: '44.07', outRequestNo: 'r3' };
    expect(await exec('alipay.trade.refund', refund)).toMatchObject({ fundChange: 'Y' });
    expect(await exec('alipay.trade.fastpay.refund.query', refund)).toMatchObject({
      refundStatus: 'REFUND_SUCCESS',
      refundAmount: '44.07',
    });

    const billDate = writeBeijingTime(new Date()).slice(0, 10);
    const asked = { billType: 'trade', billDate };
    const query = 'alipay.data.dataservice.bill.downloadurl.query';
    expect(await exec(query, asked)).toMatchObject({ subCode: 'isp.bill_not_exist' });
    const to = new Date(Date.now() + 34 * 3_600_000).toISOString();
    await fetch(`${base()}/clock`, { method: 'POST', body: JSON.stringify({ to }) });
    const { billDownloadUrl } = await exec(query, asked);
    const file = await fetch(String(billDownloadUrl));
    const lines = readBill(Buffer.from(await file.arrayBuffer()));
    expect(lines).toMatchObject([
      { kind: 'payment', number: 'n3', amount: { minor: 14_407n }, fee: { minor: 86n } },
      { kind: 'refund', number: 'r3', amount: { minor: -4_407n }, fee: { minor: 0n } },
    ]);
  });

  it('makes, asks about, charges and ends agreements', async () => {
    const terms = {
      personalProductCode: 'CYCLE_PAY_AUTH_P',
      signScene: 'INDUSTRY|DIGITAL_MEDIA',
      externalAgreementNo: 'a1',
    };
    const page = sdk.pageExecute('alipay.user.agreement.page.sign', 'GET', {
      timestamp: writeBeijingTime(new Date()),
      bizContent: {
        ...{ ...terms, productCode: 'CYCLE_PAY_AUTH' },
        accessParams: { channel: 'QRCODE' },
        periodRuleParams: {
          ...{ periodType: 'MONTH', period: 1 },
          ...{ executeTime: '2026-12-01', singleAmount: '150.00' },
        },
      },
    });
    await fetch(page);
    expect(await exec('alipay.user.agreement.query', terms)).toMatchObject({ status: 'TEMP' });
    await steer('a1', { outcome: 'paid', notify: 'none' });
    const signed = await exec('alipay.user.agreement.query', terms);
    expect(signed).toMatchObject({ status: 'NORMAL' });
    const agreementParams = { agreementNo: signed.agreementNo };
    const charge = (number: string, totalAmount: string) =>
      exec('alipay.trade.pay', {
        ...{ ...order(number), totalAmount, productCode: 'CYCLE_PAY_AUTH', agreementParams },
      });
    expect(await charge('c1', '150.00')).toMatchObject({ code: '10000', totalAmount: '150.00' });
    expect(await charge('c2', '150.01')).toMatchObject({
      subCode: 'ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED',
    });
    expect(await exec('alipay.user.agreement.unsign', agreementParams)).toMatchObject({
      code: '10000',
    });
    expect(await charge('c3', '1.00')).toMatchObject({ subCode: 'ACQ.AGREEMENT_NOT_EXIST' });
  });

  it('is hours late by itself where the process keeps another zone; our calls are on time', async () => {
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      const query = 'alipay.trade.query';
      const late = await sdk.exec(
        query,
        { bizContent: { outTradeNo: 'n1' } },
        { validateSign: true },
      );
      expect(late).toMatchObject({ subCode: 'isv.invalid-timestamp' });
      const settings = { ...sandbox.alipay, api_url: `${base()}/alipay` };
      expect(await alipay.online?.connect(settings, outside).probe()).toEqual({ answers: true });
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('does not believe the simulator with another key', async () => {
    const stranger = await sdkWith((await startStranger()).alipay.alipay_public_key);
    await expect(exec('alipay.trade.query', { outTradeNo: 'n1' }, stranger)).rejects.toThrow(
      '验签失败',
    );
  });

  const startStranger = async () => {
    const other = await startSandbox({ port: 0, smtpPort: 0 });
    const { alipay } = other;
    await other.close();
    return { alipay };
  };
});

describe('loadSdk', () => {
  it('leaves sockets as they are: one error may end many', async () => {
    await loadSdk();
    const error = new Error('The pool is closed.');
    for (const socket of [new Socket(), new Socket()]) {
      const ended = once(socket, 'error');
      socket.destroy(error);
      expect(await ended).toEqual([error]);
    }
  });
});
