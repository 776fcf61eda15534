/** The secrets that the sandbox's counterparts were given: drawn at random once, then kept in the data folder. */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AlipayCredentials, drawAlipayCredentials } from './alipay/account.ts';
import { drawPaypalCredentials, type PaypalCredentials } from './paypal/credentials.ts';
import { drawStripeAccount, type Account as StripeAccount } from './stripe/account.ts';
import { type Bot, drawBot } from './telegram/telegram.ts';
import { drawWechatAccount, type WechatAccount } from './wechat/account.ts';

export interface Credentials {
  /** The merchant at the credit provider: its id, and the key that signs. */
  credit: { pid: string; key: string };
  alipay: AlipayCredentials;
  paypal: PaypalCredentials;
  stripe: StripeAccount;
  wechat: WechatAccount;
  telegram: Bot;
  upstreamKey: string;
}

const draws: { [Name in keyof Credentials]: () => Credentials[Name] } = {
  credit: () => ({
    pid: String(randomInt(1_000, 100_000)),
    key: randomBytes(32).toString('hex'),
  }),
  alipay: drawAlipayCredentials,
  paypal: drawPaypalCredentials,
  stripe: drawStripeAccount,
  wechat: drawWechatAccount,
  telegram: drawBot,
  upstreamKey: () => `sk-sandbox-${randomBytes(24).toString('hex')}`,
};

/** Each part is drawn when it is first asked for: an RSA key takes a tenth of a second, and most runs need few. */
export function loadCredentials(dataDir: string | undefined): Credentials {
  const path = dataDir === undefined ? undefined : join(dataDir, 'credentials.json');
  const kept: Partial<Credentials> =
    path !== undefined && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const take = <Name extends keyof Credentials>(name: Name): Credentials[Name] => {
    const known = kept[name];
    if (known !== undefined) return known;
    const drawn: Credentials[Name] = draws[name]();
    kept[name] = drawn;
    if (path !== undefined)
      writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    return drawn;
  };
  const parts = Object.keys(draws) as (keyof Credentials)[];
  const getters = parts.map((name) => [name, { enumerable: true, get: () => take(name) }] as const);
  return Object.defineProperties({} as Credentials, Object.fromEntries(getters));
}
