/** In sandbox mode `/sandbox/*` is another process: requests for it are forwarded, our own calls go there straight. */
import type { FastifyInstance } from 'fastify';
import { type Dispatcher, request as send } from 'undici';
import { Refusal } from '../errors.ts';

/** Where the sandbox process listens, and the public address that stands for it. */
export interface SandboxAddress {
  origin: string;
  publicUrl: string;
}

let address: SandboxAddress | undefined;

/** Tells this process where its sandbox is; undefined in live mode. */
export function setSandboxAddress(next: SandboxAddress | undefined): void {
  address = next;
}

/** The URL to call for a configured one: addresses below our own `/sandbox/` lead straight to the sandbox process. */
export function resolveSandboxUrl(url: string): string {
  if (address === undefined) return url;
  const prefix = `${address.publicUrl}/sandbox/`;
  return url.startsWith(prefix) ? `${address.origin}/sandbox/${url.slice(prefix.length)}` : url;
}

const clockTimeoutMs = 2_000;

/** Lets the sandbox's providers live in the same time; one that does not answer lives on in its own. */
export async function moveSandboxClock(to: Date): Promise<void> {
  if (address === undefined) return;
  const signal = AbortSignal.timeout(clockTimeoutMs);
  const body = JSON.stringify({ to: to.toISOString() });
  const headers = { 'content-type': 'application/json' };
  const sent = send(`${address.origin}/sandbox/clock`, { method: 'POST', headers, body, signal });
  await sent.then(({ body: answer }) => answer.dump()).catch(() => undefined);
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/** Forwards `/sandbox/*`; without a sandbox it is 404 like any unknown address. */
export function registerSandboxProxy(app: FastifyInstance): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.all('/sandbox/*', async (request, reply) => {
      if (address === undefined)
        throw new Refusal('not_found', 'There is no sandbox in live mode.');
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !hopByHop.has(name)),
      );
      const answer = await send(address.origin + request.url, {
        method: request.method as Dispatcher.HttpMethod,
        headers,
        body: request.method === 'GET' || request.method === 'HEAD' ? null : (request.raw as never),
      });
      reply.removeHeader('content-security-policy');
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && !hopByHop.has(name)) reply.header(name, value);
      }
      return reply.code(answer.statusCode).send(answer.body);
    });
  });
}
