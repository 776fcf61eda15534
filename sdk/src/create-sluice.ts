/** The client: what an application's own service asks Sluice, and tells it. Needs `fetch` and WebCrypto, nothing else. */
import { type Access, createAccess } from './access.ts';
import { type AccessClaims, createTokenVerifier } from './access-tokens.ts';
import { SluiceUnavailableError } from './errors.ts';
import { createReporter, type ReportOptions } from './reporter.ts';
import { createSettlements, type LostSettlement } from './settlements.ts';
import { createSend, type Send, sleep } from './transport.ts';
import { verifyWebhook, type WebhookInput } from './webhooks.ts';
import {
  type AuthorizeRequest,
  type Features,
  type FeatureValue,
  operations,
  type Permit,
  type Quotas,
  type RateLimitAnswer,
  type RateLimitRequest,
  type Receipt,
  type RegisteredSubject,
  type Released,
  type Renewed,
  type RenewRequest,
  type SettleRequest,
  type Subject,
  type SubjectRegistration,
  type UsageEvent,
} from './wire.ts';

export interface SluiceOptions {
  /** Address of the deployment, such as https://sluice.example.com. */
  baseUrl: string;
  /** `ak-…` of your application. Keep it on your servers. */
  applicationKey: string;
  /**
   * Where Sluice cannot be asked: `open` lets work pass and tells Sluice of it afterwards, `closed` stops it. There is no
   * default: it is a choice between giving something away and standing still.
   */
  failure: 'open' | 'closed';
  /** For all tries of one call; 5,000 where left out. */
  timeoutMs?: number;
  /** For one try; 2,000 where left out. */
  attemptTimeoutMs?: number;
  fetch?: typeof globalThis.fetch;
  /** The deployment's public URL, where your service reaches it by another one. */
  issuer?: string;
  report?: ReportOptions;
  /** Ends of work kept while Sluice is away; 10,000 where left out. */
  settlementsMax?: number;
  /** Hears of a settle or release that will not reach Sluice; written to `console.error` where left out. */
  onSettlementLost?: (lost: LostSettlement) => void;
  /** Hears each time that something passed because Sluice was away and `failure` is `open`. */
  onFailedOpen?: (error: SluiceUnavailableError) => void;
}

export interface Sluice {
  readonly failure: 'open' | 'closed';
  /** May the subject do this now? Reserves the estimate; throws what refused. Says nothing to `failure`. */
  authorize(request: AuthorizeRequest): Promise<Permit>;
  settle(request: SettleRequest): Promise<Receipt>;
  release(requestId: string): Promise<Released>;
  renew(request: RenewRequest): Promise<Renewed>;
  /** Authorizes, and answers a handle that settles or releases, follows `failure` and keeps the hold alive. */
  begin(request: AuthorizeRequest): Promise<Access>;
  /** Authorizes, works, and settles what the work said that it used; releases when the work throws. */
  withAccess<T>(request: AuthorizeRequest, work: (access: Access) => Promise<T>): Promise<T>;
  features(subject: Subject): Promise<Features>;
  /** Whether the feature is there: true, a number but 0, or a word. */
  hasFeature(subject: Subject, feature: string): Promise<boolean>;
  quotas(subject: Subject): Promise<Quotas>;
  /** Counts one request against a limit of your own. */
  checkRateLimit(request: RateLimitRequest): Promise<RateLimitAnswer>;
  /** Takes a usage event to be sent in the background, and answers its id. */
  report(event: UsageEvent): string;
  /** Waits until what was reported is counted. */
  flush(timeoutMs?: number): Promise<void>;
  /** Sends what waits; call it before your process ends. Rejects where something still waits then. */
  close(timeoutMs?: number): Promise<void>;
  subjects: {
    register(externalId: string, registration?: SubjectRegistration): Promise<RegisteredSubject>;
  };
  /** See `verifyWebhook`, which is there without a client too. */
  verifyWebhook<T = unknown>(input: WebhookInput): Promise<T>;
  /** The claims of an access token of a person who signed in at Sluice; checked without asking. */
  verifyAccessToken(token: string): Promise<AccessClaims>;
}

const closeTimeoutMs = 30_000;

export function createSluice(options: SluiceOptions): Sluice {
  checkOptions(options);
  const { failure, timeoutMs = 5_000, attemptTimeoutMs = 2_000 } = options;
  // A fetch that is taken off its object is refused in some runtimes.
  const fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  const send = createSend({ ...options, timeoutMs, attemptTimeoutMs, fetch });
  const reporter = createReporter(send, options.report);
  const settlements = createSettlements(send, {
    waitingMax: options.settlementsMax ?? 10_000,
    onLost: options.onSettlementLost,
  });
  const tools = { send, settlements, reporter };
  const asking = createQuestions(send);

  /** What `open` answers where Sluice cannot be asked. */
  const orOpen = async <T>(ask: Promise<T>, open: T): Promise<T> => {
    try {
      return await ask;
    } catch (error) {
      if (failure === 'closed' || !(error instanceof SluiceUnavailableError)) throw error;
      options.onFailedOpen?.(error);
      return open;
    }
  };
  const begin = async (asked: AuthorizeRequest): Promise<Access> => {
    const request = identified(asked);
    const permit = await orOpen<Permit | undefined>(asking.authorize(request), undefined);
    return createAccess(tools, request, permit);
  };

  return {
    failure,
    ...asking,
    begin,
    async withAccess(request, work) {
      const access = await begin(request);
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work(access);
      } catch (error) {
        // The work's own error is what the caller must see; this one is told to onSettlementLost.
        access.release().catch(() => undefined);
        throw error;
      }
      // While Sluice is away the settle goes on behind the answer.
      await Promise.race([access.settle(), sleep(timeoutMs)]);
      return result;
    },
    async hasFeature(subject, feature) {
      const answer = await orOpen<Features | undefined>(asking.features(subject), undefined);
      return answer === undefined || isIncluded(answer.data[feature]);
    },
    checkRateLimit: (request) => orOpen(asking.checkRateLimit(request), passing(request)),
    report: reporter.report,
    flush: reporter.flush,
    async close(limitMs = closeTimeoutMs) {
      const [flushed, left] = await Promise.all([
        reporter.flush(limitMs).then(
          () => undefined,
          (error: unknown) => error,
        ),
        settlements.drain(limitMs),
      ]);
      if (flushed) throw flushed;
      if (left > 0) {
        throw new SluiceUnavailableError('unavailable', `${left} ends of work still wait.`);
      }
    },
    verifyWebhook,
    verifyAccessToken: createTokenVerifier({ ...options, fetch, timeoutMs }),
  };
}

type Questions = Pick<
  Sluice,
  | 'authorize'
  | 'settle'
  | 'release'
  | 'renew'
  | 'features'
  | 'quotas'
  | 'checkRateLimit'
  | 'subjects'
>;

/** One call for one answer, whatever `failure` is. */
function createQuestions(send: Send): Questions {
  return {
    authorize: (request) =>
      send({ operation: operations.authorizeAccess, body: identified(request) }),
    settle: (body) => send({ operation: operations.settleAccess, body }),
    release: (id) => send({ operation: operations.releaseAccess, body: { request_id: id } }),
    renew: (body) => send({ operation: operations.renewAccess, body }),
    features: (subject) => send({ operation: operations.getAccessFeatures, ...asked(subject) }),
    quotas: (subject) => send({ operation: operations.getAccessQuotas, ...asked(subject) }),
    // A try whose answer was lost has counted: a second would count twice.
    checkRateLimit: (body) => send({ operation: operations.checkRateLimit, body, attemptsMax: 1 }),
    subjects: {
      register(externalId, registration = {}) {
        const [method, path] = operations.registerSubject;
        const own = path.replace('{external_id}', encodeURIComponent(externalId));
        return send({ operation: [method, own], body: registration });
      },
    },
  };
}

function identified<T extends { request_id?: string }>(request: T): T & { request_id: string } {
  return { ...request, request_id: request.request_id ?? crypto.randomUUID() };
}

/** A secret travels in a header, because addresses are written to logs. */
function asked(subject: Subject) {
  const { api_key, ...query } = subject;
  return api_key === undefined ? { query } : { headers: { 'sluice-subject': api_key } };
}

function isIncluded(value: FeatureValue | undefined): boolean {
  return Boolean(value);
}

function passing({ limit, window_seconds }: RateLimitRequest): RateLimitAnswer {
  const resetsAt = new Date(Date.now() + window_seconds * 1000).toISOString();
  return { allowed: true, limit, remaining: limit, resets_at: resetsAt, retry_after_seconds: 0 };
}

function checkOptions({ baseUrl, applicationKey, failure }: SluiceOptions): void {
  if (!/^https?:\/\//.test(baseUrl)) throw new TypeError('baseUrl must begin with https://.');
  if (!applicationKey) throw new TypeError('applicationKey is missing: it begins with "ak-".');
  if (failure !== 'open' && failure !== 'closed') {
    throw new TypeError('failure must be "open" or "closed": what happens while Sluice is away.');
  }
}
