/** A provider connected to its simulator over real HTTP, with what every test needs: orders, payers, notifications. */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { invariant } from '../../../../platform/errors.ts';
import type { NextStep } from '../../core/attempt.ts';
import { scrubHeaders } from '../../core/scrub.ts';
import { type SettingValues, withDefaults } from '../../core/settings.ts';
import type { CollectedMoney } from '../../core/settlement.ts';
import { type Outside, outside } from '../../outside.ts';
import type {
  Asked,
  Connection,
  Notification,
  NotificationMeaning,
  Online,
  Order,
  StartOutcome,
} from '../../provider.ts';
import { type Ear, openEar } from './ear.ts';
import type { ProviderHarness, Simulator, SimulatorOrder } from './harness.ts';
import { type Leaks, openLeaks } from './leaks.ts';
import { openWire, type Wire } from './wire.ts';

export interface Stage {
  harness: ProviderHarness;
  online: Online;
  simulator: Simulator;
  settings: SettingValues;
  connection: Connection;
  wire: Wire;
  ear: Ear;
  leaks: Leaks;
  /** A connection with other settings over the usual ones, as a process that has just started makes it. */
  connect(changes?: SettingValues, from?: Outside): Connection;
  order(changes?: Partial<Order>): Order;
  /** Starts an order and goes to the provider's page. */
  start(order: Order, connection?: Connection): Promise<Started>;
  /** Starts, pays, and tells nobody. */
  payInSilence(changes?: Partial<Order>, connection?: Connection): Promise<Paid>;
  /** Starts and pays; answers the notification that tells of it. */
  payAloud(steering?: Record<string, unknown>): Promise<Paid & { notification: Notification }>;
  /** Goes where the next step leads. */
  arrive(next: NextStep): Promise<void>;
  /** Bends an order, or tells what its payer does; answers the status. */
  steer(number: string, steering: Record<string, unknown>): Promise<number>;
  /** What the simulator has of one order. */
  record(number: string): Promise<SimulatorOrder>;
  /** The simulator's orders that mention a number. */
  recordsOf(number: string): Promise<number>;
  post(path: string, body?: Record<string, unknown>): Promise<number>;
  /** The first notification from `since` on that means what is looked for. */
  hear(since: number, isIt: (meaning: NotificationMeaning) => boolean): Promise<Notification>;
  understand(notification: Notification): Promise<NotificationMeaning | undefined>;
  moveClock(to: Date): Promise<void>;
  close(): Promise<void>;
}

export interface Started {
  order: Order;
  outcome: Extract<StartOutcome, { status: 'pending' }>;
  asked: Asked;
}

export interface Paid extends Started {
  money: CollectedMoney;
}

const hearingMsMax = 8_000;

export async function openStage(harness: ProviderHarness): Promise<Stage> {
  const { provider } = harness;
  const { online } = provider;
  invariant(online, 'the suite is for providers of the outside world');
  const wire = await openWire();
  const sandbox = await startSandbox({
    ...{ port: 0, smtpPort: 0, publicUrl: wire.url },
    counterparts: harness.counterpart ? [harness.counterpart] : [],
  });
  wire.leadTo(sandbox.port);
  const directUrl = `http://127.0.0.1:${sandbox.port}/sandbox`;
  const simulator: Simulator = { sandbox, url: `${wire.url}/sandbox`, directUrl };
  const settings = withDefaults(provider.settings, harness.settings(simulator));
  const leaks = openLeaks(provider.settings);
  const ear = await openEar(online.answers.acknowledge);
  await harness.listen?.(simulator, ear.url);

  const connect = (changes: SettingValues = {}, from = outside) => {
    const values = { ...settings, ...changes };
    leaks.learn(values);
    return leaks.watch(online.connect(values, from));
  };
  const connection = connect();
  const desk = openDesk(`${directUrl}/${provider.id}`, directUrl);
  const common = { harness, online, simulator, settings, connection, wire, ear, leaks, connect };
  const payers = openPayers({ ...common, ...desk });
  return {
    ...common,
    ...desk,
    ...payers,
    async close() {
      leaks.close();
      await sandbox.close();
      await Promise.all([wire.close(), ear.close()]);
    },
  };
}

type Common = Pick<Stage, 'harness' | 'simulator' | 'connection' | 'ear' | 'leaks'>;

/** What a test does to the simulator, on a line of its own. */
function openDesk(url: string, directUrl: string) {
  const post = async (path: string, body: Record<string, unknown> = {}) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    await answer.arrayBuffer();
    return answer.status;
  };
  const read = async (path: string) => (await fetch(`${url}${path}`)).json() as Promise<unknown>;
  return {
    post,
    steer: (number: string, steering: Record<string, unknown>) =>
      post(`/orders/${number}`, steering),
    record: async (number: string) => (await read(`/orders/${number}`)) as SimulatorOrder,
    async recordsOf(number: string) {
      const { data } = (await read('/orders')) as { data: unknown[] };
      return data.filter((order) => JSON.stringify(order).includes(number)).length;
    },
    async moveClock(to: Date) {
      const body = JSON.stringify({ to: to.toISOString() });
      const answer = await fetch(`${directUrl}/clock`, { method: 'POST', body });
      invariant(answer.ok, 'the sandbox has a clock');
    },
  };
}

/** What we and our payers do. */
function openPayers(stage: Common & ReturnType<typeof openDesk>) {
  const { harness, simulator, connection, ear, leaks, steer } = stage;
  const [usual] = harness.amounts;

  const order = (changes: Partial<Order> = {}): Order => ({
    number: drawNumber(),
    title: 'Invoice INV-2026-0001 & more',
    charged: { minor: usual.minor, currency: usual.currency },
    means: null,
    notifyUrl: ear.url,
    returnUrl: 'https://shop.example/checkout/pay_1',
    expiresAt: new Date(Date.now() + 2 * 3_600_000),
    payer: {
      organizationId: 'org_suite',
      ...{ email: 'payer@example.com', customer: null, locale: 'en', address: '198.51.100.7' },
    },
    savesMethod: false,
    ...changes,
  });
  const arrive = (next: NextStep) =>
    harness.arrive ? harness.arrive(simulator, next) : follow(next);
  const start = async (ordered: Order, by = connection): Promise<Started> => {
    const outcome = await by.start(ordered);
    invariant(outcome.status === 'pending', `the order was started, not ${outcome.status}`);
    await arrive(outcome.next);
    return { order: ordered, outcome, asked: askedOf(ordered, outcome.reference) };
  };
  const find = async (started: Started, by = connection): Promise<Paid> => {
    const found = await by.find(started.asked);
    invariant(found.status === 'succeeded', `the order was found paid, not ${found.status}`);
    return { ...started, money: found.money };
  };
  const understand = async (notification: Notification) => {
    leaks.hear('the stored headers of a notification', scrubHeaders(notification.headers));
    const verification = await connection.verify(notification);
    return verification.verified ? connection.translate(verification.claims) : undefined;
  };
  const hear: Stage['hear'] = async (since, isIt) => {
    const deadline = Date.now() + hearingMsMax;
    for (let next = since; Date.now() < deadline; ) {
      const notification = ear.heard()[next];
      if (!notification) {
        await wait(10);
        continue;
      }
      next += 1;
      const meaning = await understand(notification);
      if (meaning && isIt(meaning)) return notification;
    }
    throw new Error('no notification told of it');
  };
  return {
    order,
    arrive,
    start,
    understand,
    hear,
    async payInSilence(changes: Partial<Order> = {}, by = connection) {
      const started = await start(order(changes), by);
      await pay(steer, started.order.number, { notify: 'none' });
      return find(started, by);
    },
    async payAloud(steering: Record<string, unknown> = {}) {
      const started = await start(order());
      const since = ear.heard().length;
      await pay(steer, started.order.number, steering);
      const { number } = started.order;
      const notification = await hear(since, (meaning) => numberIn(meaning) === number);
      return { ...(await find(started)), notification };
    },
  };
}

async function pay(
  steer: Stage['steer'],
  number: string,
  steering: Record<string, unknown>,
): Promise<void> {
  const status = await steer(number, { ...steering, outcome: 'paid' });
  invariant(status === 200, `the simulator let the payer pay, and did not answer ${status}`);
}

export function askedOf(order: Order, reference: string | undefined): Asked {
  const { number, charged } = order;
  return { number, reference: reference ?? null, charged, mayCapture: true };
}

/** The order that a notification is about. */
export function numberIn(meaning: NotificationMeaning): string | undefined {
  if (meaning.kind === 'collected') return meaning.money.number;
  return meaning.kind === 'changed' ? meaning.number : undefined;
}

async function follow(next: NextStep): Promise<void> {
  if (next.type === 'none') return;
  const url = next.type === 'form' ? next.action : next.url;
  if (url === null || !/^https?:/.test(url)) return;
  const form =
    next.type === 'form' ? { method: 'POST', body: new URLSearchParams(next.fields) } : {};
  const answer = await fetch(url, { ...form, redirect: 'manual' });
  await answer.arrayBuffer();
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Like an attempt's: 24 lower-case letters and digits. */
export function drawNumber(): string {
  return Array.from({ length: 24 }, () => alphabet[randomInt(alphabet.length)]).join('');
}
