/** Access tokens: fetched with the app's id and secret, good for nine hours of true time, and wanted by every call. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { PaypalCredentials } from './credentials.ts';

const LIFE_SECONDS = 32_400;
const TOKENS_MAX = 1_000;

export class Access {
  readonly #app: PaypalCredentials;
  readonly #tokens = new Map<string, number>();

  constructor(app: PaypalCredentials) {
    this.#app = app;
  }

  allows(request: IncomingMessage): boolean {
    const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    return (this.#tokens.get(token) ?? 0) > Date.now();
  }

  /** Ends every token before its time, as the vendor may. */
  endAll(): void {
    this.#tokens.clear();
  }

  route(prefix: string): Route {
    return {
      method: 'POST',
      path: `${prefix}/v1/oauth2/token`,
      handle: async ({ request, response }) => {
        const form = new URLSearchParams((await readBody(request)).toString('utf8'));
        if (!this.#isApp(request.headers.authorization ?? '')) {
          const error_description = 'Client Authentication failed';
          return sendJson(response, 401, { error: 'invalid_client', error_description });
        }
        if (form.get('grant_type') !== 'client_credentials') {
          const error_description = 'Grant Type is not supported';
          return sendJson(response, 400, { error: 'unsupported_grant_type', error_description });
        }
        sendJson(response, 200, this.#grant());
      },
    };
  }

  #isApp(authorization: string): boolean {
    const { client_id, client_secret } = this.#app;
    const expected = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    const given = Buffer.from(authorization);
    const right = Buffer.from(`Basic ${expected}`);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #grant() {
    const token = `A21AA${randomBytes(48).toString('base64url')}`;
    if (this.#tokens.size >= TOKENS_MAX) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    this.#tokens.set(token, Date.now() + LIFE_SECONDS * 1_000);
    return {
      scope: 'https://uri.paypal.com/services/checkout',
      access_token: token,
      token_type: 'Bearer',
      app_id: 'APP-80W284485P519543T',
      expires_in: LIFE_SECONDS,
      nonce: new Date().toISOString(),
    };
  }
}
