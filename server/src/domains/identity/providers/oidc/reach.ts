/**
 * How an identity provider is reached: with a limit on time and size, no redirects, and for those that an organization
 * named itself never into our own network, whatever their documents or DNS say.
 */
import { Agent, fetch as send } from 'undici';
import { isPrivateUrl } from '../../../../platform/private-address.ts';
import { publicLookup } from '../../../../platform/public-lookup.ts';

export interface Reach {
  /** Whether the provider may be in a private network, and be asked in the clear. */
  isTrusted: boolean;
  mode: 'sandbox' | 'live';
}

export const timeoutMs = 5_000;
const answerBytesMax = 512 * 1024;

/** No answer within the limits: it says nothing about the person. */
export class Unreachable extends Error {}

type Fetch = (
  url: string,
  options: { method: string; headers: Record<string, string>; body?: unknown },
) => Promise<Response>;

const anywhere = new Agent({ connect: { timeout: timeoutMs } });
const outsideOnly = new Agent({
  connect: { timeout: timeoutMs, lookup: publicLookup(() => false) },
});

export function mayBePrivate({ isTrusted, mode }: Reach): boolean {
  return isTrusted || mode === 'sandbox';
}

export function reachingFetch(reach: Reach): Fetch {
  const isOpen = mayBePrivate(reach);
  return async (url, options) => {
    if (!isOpen && isPrivateUrl(url)) throw new Unreachable('it is in a private network');
    try {
      const answer = await send(url, {
        method: options.method,
        headers: options.headers,
        body: (options.body ?? null) as URLSearchParams | null,
        redirect: 'manual',
        dispatcher: isOpen ? anywhere : outsideOnly,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const headers = Object.fromEntries(answer.headers);
      const body = await readWithin(answer.body as AsyncIterable<Uint8Array> | null);
      // These two may have no body at all.
      const isBare = answer.status === 204 || answer.status === 304;
      return new Response(isBare ? null : body, { status: answer.status, headers });
    } catch (error) {
      const said =
        error instanceof Error ? ((error.cause as Error | undefined) ?? error).message : '';
      throw new Unreachable(said || 'it did not answer', { cause: error });
    }
  };
}

async function readWithin(
  body: AsyncIterable<Uint8Array> | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Unreachable('its answer is too large');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
