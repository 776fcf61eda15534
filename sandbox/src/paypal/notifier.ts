/** Tells every registered webhook what happened: signed when it is sent, repeated until it is answered by 2xx. */
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Deliveries, type Delivery, type OutgoingRequest } from '../deliveries/deliveries.ts';
import type { Clock } from '../steering/clock.ts';
import type { Book } from './book.ts';
import { drawId } from './credentials.ts';
import { ALGORITHM, drawKeys, type Signer, type SigningKeys, transmissionText } from './signing.ts';

export interface Told {
  webhook: string;
  text: string;
}

export interface PaypalEvent {
  event_type: string;
  resource_type: string;
  resource_version?: string;
  summary: string;
  resource: object;
}

const OVERTAKEN_AFTER_MS = 1_000;
const SETTLED_WITHIN_MS = 5_000;
const SETTLED_CHECK_MS = 5;
const MINUTE_MS = 60_000;
/** Up to 25 times in three days, says the vendor, and not when: soon at first, then every four hours. */
const SCHEDULE_MS = [1, 2, 4, 8, 16, 32, 64, ...Array<number>(18).fill(233)].map(
  (minutes) => minutes * MINUTE_MS,
);

export interface NotifierParts {
  book: Book;
  clock: Clock;
  signer: Signer;
  apiUrl: string;
  dataDir: string | undefined;
}

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #deliveries: Deliveries<Told>;
  /** Whose last news was sent late, so that the next may overtake it. */
  readonly #late = new Set<string>();
  readonly #underWay = new Map<Promise<void>, string>();
  #stranger: SigningKeys | undefined;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    const { clock, dataDir } = parts;
    this.#deliveries = new Deliveries<Told>({
      clock,
      path: dataDir === undefined ? undefined : join(dataDir, 'paypal-deliveries.jsonl'),
      scheduleMs: SCHEDULE_MS,
      compose: (delivery) => this.#compose(delivery),
      accepts: ({ status }) => status >= 200 && status < 300,
    });
  }

  /** What it says is written down now; later changes do not reach it. */
  tell(about: string, event: PaypalEvent): void {
    const { book, clock, apiUrl } = this.#parts;
    const steering = book.steeringOf(about);
    if (steering.notify === 'none') return;
    const text = writeEvent(event, { at: clock.now(), apiUrl });
    const fresh = book.webhooks
      .all()
      .flatMap(({ id }) => Array<Told>(steering.times ?? 1).fill({ webhook: id, text }));
    const isOvertaking = this.#late.delete(about);
    const isLate = steering.reorder === true && !isOvertaking;
    if (isLate) this.#late.add(about);
    this.#send(about, fresh, isLate ? OVERTAKEN_AFTER_MS : 0);
  }

  /** Everything that was told about it is told again, as it was. */
  tellAgain(about: string): void {
    this.#send(
      about,
      this.of(about).map(({ payload }) => payload),
    );
  }

  /** Waits for the first answers to what is told now, and to what that leads to; not for ever. */
  async settled(about: string): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    const isBusy = () => [...this.#underWay.values()].includes(about);
    while (isBusy() && Date.now() < deadline) await wait(SETTLED_CHECK_MS);
  }

  of(about: string): Delivery<Told>[] {
    return this.#deliveries.of(about);
  }

  async close(): Promise<void> {
    await this.#deliveries.close();
    await Promise.all(this.#underWay.keys());
  }

  #send(about: string, news: Told[], lateMs = 0): void {
    const { concurrency = 1, delay_ms: delayMs = 0 } = this.#parts.book.steeringOf(about);
    const sending = this.#sendInTurn(about, news, { concurrency, delayMs: delayMs + lateMs });
    this.#underWay.set(sending, about);
    sending.finally(() => this.#underWay.delete(sending));
  }

  async #sendInTurn(
    about: string,
    news: Told[],
    { concurrency, delayMs }: { concurrency: number; delayMs: number },
  ): Promise<void> {
    for (let at = 0; at < news.length; at += concurrency) {
      await this.#deliveries.add(about, news.slice(at, at + concurrency), { delayMs });
    }
  }

  #compose({ about, payload }: Delivery<Told>): OutgoingRequest {
    const { book, signer, apiUrl } = this.#parts;
    const kind = book.steeringOf(about).sign ?? 'good';
    const id = randomUUID();
    const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const webhookId = kind === 'other_webhook' ? drawId() : payload.webhook;
    const text = transmissionText({ id, time }, webhookId, Buffer.from(payload.text, 'utf8'));
    const certificates = `${apiUrl}/v1/notifications/certs/`;
    const isForeign = kind === 'foreign_certificate';
    const signature = isForeign ? this.#signAsStranger(text) : signer.sign(text);
    return {
      url: book.webhooks.get(payload.webhook)?.url ?? '',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'PayPal/AUHD-214.0-58843222',
        'paypal-auth-algo': ALGORITHM,
        'paypal-transmission-id': id,
        'paypal-transmission-time': time,
        'paypal-cert-url': isForeign
          ? `https://api.paypal.com.certs.example/v1/notifications/certs/${signer.keys.id}`
          : certificates + signer.keys.id,
        ...(kind === 'missing'
          ? {}
          : { 'paypal-transmission-sig': kind === 'bad' ? spoil(signature) : signature }),
      },
      body: payload.text,
    };
  }

  /** Somebody else's key, whose certificate bears the vendor's name. */
  #signAsStranger(text: string): string {
    this.#stranger ??= drawKeys();
    const key = createPrivateKey(this.#stranger.privateKey);
    return sign('sha256', Buffer.from(text, 'utf8'), key).toString('base64');
  }
}

/** Another first letter: still base64, never the right one. */
function spoil(signature: string): string {
  return (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
}

/** With slashes escaped: whoever writes it anew instead of passing it on has other bytes. */
function writeEvent(event: PaypalEvent, { at, apiUrl }: { at: Date; apiUrl: string }): string {
  const id = `WH-${drawId()}-${drawId()}`;
  const self = `${apiUrl}/v1/notifications/webhooks-events/${id}`;
  const { event_type, resource_type, resource_version = '2.0', summary, resource } = event;
  return JSON.stringify({
    id,
    event_version: '1.0',
    create_time: at.toISOString(),
    resource_type,
    resource_version,
    event_type,
    summary,
    resource,
    links: [
      { href: self, rel: 'self', method: 'GET' },
      { href: `${self}/resend`, rel: 'resend', method: 'POST' },
    ],
  }).replaceAll('/', '\\/');
}
