/** Sends one message to an operator's webhook: in live mode by HTTPS only, and never into a private network. */
import { Agent, request } from 'undici';
import type { Config } from '../../platform/config.ts';
import { Refusal } from '../../platform/errors.ts';
import { isPrivateUrl } from '../../platform/private-address.ts';
import { publicLookup } from '../../platform/public-lookup.ts';
import { messageHeaders } from './core/signature.ts';

export interface Message {
  id: string;
  url: string;
  secret: string | undefined;
  body: string;
}

type Limits = Pick<Config, 'mode' | 'privateUpstreams'>;

const timeoutMs = 10_000;

/**
 * @throws Refusal `rule_violated` for credentials in the address, and in live mode for what is not HTTPS or is in a
 * private network that `SLUICE_PRIVATE_UPSTREAMS` does not name.
 */
export function judgeWebhookUrl(text: string, config: Limits): URL {
  const url = new URL(text);
  const no = (sentence: string) => new Refusal('rule_violated', sentence, { param: 'webhook.url' });
  if (url.username !== '' || url.password !== '') {
    throw no('Leave user and password out of the address.');
  }
  if (config.mode !== 'live') return url;
  if (url.protocol !== 'https:') throw no('Give an https address.');
  if (isPrivateUrl(text) && !isListed(url.hostname, config)) {
    throw no(`${url.hostname} is in a private network: give a public address.`);
  }
  return url;
}

function isListed(host: string, { privateUpstreams }: Limits): boolean {
  return privateUpstreams.includes(host.toLowerCase());
}

/** Undefined where it was taken; otherwise why it was not, in words. Redirects are not followed. */
export async function sendMessage(
  config: Limits,
  { id, url, secret, body }: Message,
  at: Date,
): Promise<string | undefined> {
  const isLive = config.mode === 'live';
  const connect = {
    timeout: timeoutMs,
    ...(isLive && { lookup: publicLookup((host) => isListed(host, config)) }),
  };
  const agent = new Agent({ connect });
  try {
    judgeWebhookUrl(url, config);
    const answer = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'sluice',
        ...messageHeaders({ id, at, body, secret }),
      },
      body,
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { statusCode: status } = answer;
    return status >= 200 && status < 300 ? undefined : `It answered ${status}.`;
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return `It could not be reached: ${message || code}.`;
  } finally {
    // Nobody reads what it says: the connection goes with the agent.
    await agent.destroy();
  }
}
