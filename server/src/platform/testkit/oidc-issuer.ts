/** A real OpenID Connect provider on the loopback address; the test says who is signed in there. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface Account {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: readonly string[];
}

export interface OidcIssuer {
  readonly issuer: string;
  /** Whoever comes there is this person. */
  account: Account;
  close(): Promise<void>;
}

export const client = { id: 'sluice', secret: 'client secret of the tests' };

export async function startOidcIssuer(options: {
  redirectUrls: readonly string[];
  account: Account;
}): Promise<OidcIssuer> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self = {
    issuer,
    account: options.account,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const provider = createProvider(self, options.redirectUrls);
  const serve = provider.callback();
  handle = (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void serve(request, response);
    // Nobody is asked for a name or for consent: the test has said who it is.
    const result = { login: { accountId: self.account.sub } };
    void provider.interactionFinished(request, response, result);
  };
  return self;
}

function createProvider(
  self: { issuer: string; account: Account },
  redirectUrls: readonly string[],
) {
  return new Provider(self.issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...redirectUrls],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of the tests'] },
    jwks: { keys: [newKey()] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: async () => ({ ...self.account, sub: id }),
    }),
    async loadExistingGrant(ctx) {
      const { client: asking, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({
        clientId: asking?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
}

/** Follows the provider's redirects as a browser would, until it is sent back; answers where to. */
export async function visit(url: string, backTo: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  for (let hops = 0; hops < 10; hops += 1) {
    if (next.startsWith(backTo)) return next;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`no way back from ${next}: ${await answer.text()}`);
    next = new URL(location, next).href;
  }
  throw new Error('the provider sends the browser around in circles');
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' };
}
