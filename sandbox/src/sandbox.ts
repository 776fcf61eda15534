/** Starts the outside world in miniature: a mailbox, a payment provider and a language model behind one HTTP port. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAlipay } from './alipay/alipay.ts';
import { type Credentials, loadCredentials } from './credentials.ts';
import { openCredit } from './credit/credit.ts';
import { homeRoutes } from './home.ts';
import { send } from './http/exchange.ts';
import { createRouter, type Route } from './http/router.ts';
import { stylesheet } from './http/style.ts';
import { openMailbox } from './mailbox/mailbox.ts';
import { openPaypal } from './paypal/paypal.ts';
import { Clock, clockRoutes } from './steering/clock.ts';
import { openStripe } from './stripe/stripe.ts';
import { openTelegram } from './telegram/telegram.ts';
import { openUpstream } from './upstream/upstream.ts';
import { openWechat } from './wechat/wechat.ts';
import { openWecom } from './wecom/wecom.ts';

export interface SandboxOptions {
  /** 0 takes any free port. */
  port: number;
  smtpPort: number;
  /** Where state survives a restart; without it everything is in memory. */
  dataDir?: string | undefined;
  /** The origin under which a browser reaches `/sandbox/…`; its own address when left out. */
  publicUrl?: string | undefined;
  /** What the first repetition of a payment notification waits; each later one waits twice as long. */
  notifyRetryMs?: number | undefined;
  /** Further counterparts, such as one that is only being written. */
  counterparts?: readonly OpenCounterpart[];
}

export type OpenCounterpart = (place: {
  publicUrl: string;
  dataDir: string | undefined;
  clock: Clock;
}) => { routes: Route[]; close(): Promise<void> };

export interface Sandbox {
  port: number;
  smtpPort: number;
  credit: Credentials['credit'];
  /** What a merchant of Alipay is given. */
  readonly alipay: Credentials['alipay']['merchant'];
  readonly paypal: Credentials['paypal'];
  readonly stripe: Credentials['stripe'];
  /** What a merchant of WeChat Pay is given. */
  readonly wechat: Credentials['wechat']['merchant'];
  telegram: Credentials['telegram'];
  upstreamKey: string;
  close(): Promise<void>;
}

/** Longer than callers keep idle connections, so that no call meets a connection that is just closing. */
const KEEP_ALIVE_MS = 75_000;
const NOTIFY_RETRY_MS = 1_000;

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir } = options;
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const credentials = loadCredentials(dataDir);

  const mailbox = await openMailbox({ smtpPort: options.smtpPort, dataDir });
  const server = createServer();
  const port = await listen(server, options.port);
  const publicUrl = (options.publicUrl ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  const credit = openCredit({
    merchant: credentials.credit,
    dataDir,
    publicUrl,
    notifyRetryMs: options.notifyRetryMs ?? NOTIFY_RETRY_MS,
  });
  const clock = new Clock();
  const upstream = openUpstream({ key: credentials.upstreamKey });
  const place = { publicUrl, dataDir, clock };
  const more = [...counterpartsOf(credentials), ...(options.counterparts ?? [])].map((open) =>
    open(place),
  );
  server.on(
    'request',
    createRouter([
      styleRoute,
      ...homeRoutes,
      ...clockRoutes(clock),
      ...mailbox.routes,
      ...credit.routes,
      ...upstream.routes,
      ...more.flatMap(({ routes }) => routes),
    ]),
  );

  return {
    port,
    smtpPort: mailbox.smtpPort,
    credit: credentials.credit,
    get alipay() {
      return credentials.alipay.merchant;
    },
    get paypal() {
      return credentials.paypal;
    },
    get stripe() {
      return credentials.stripe;
    },
    get wechat() {
      return credentials.wechat.merchant;
    },
    telegram: credentials.telegram,
    upstreamKey: credentials.upstreamKey,
    close: async () => {
      await Promise.all(more.map((counterpart) => counterpart.close()));
      await credit.close();
      await closeServer(server);
      await mailbox.close();
    },
  };
}

/** Payment providers and chats, each with keys that are drawn when somebody first needs them. */
function counterpartsOf(credentials: Credentials): OpenCounterpart[] {
  return [
    (place) => openAlipay({ ...place, credentials: () => credentials.alipay }),
    (place) => openPaypal({ ...place, app: credentials.paypal }),
    (place) => openStripe({ ...place, merchant: credentials.stripe }),
    (place) => openWechat({ ...place, account: () => credentials.wechat }),
    () => openTelegram(credentials.telegram),
    openWecom,
  ];
}

const styleRoute: Route = {
  method: 'GET',
  path: '/sandbox/style.css',
  handle: ({ response }) => send(response, 200, 'text/css; charset=utf-8', stylesheet),
};

async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
