/** Where a channel's calls go, and what each of them carries. */
import { resolveSandboxUrl } from '../../platform/http/sandbox-proxy.ts';
import type { Channel } from './channels.ts';
import { speechOf } from './core/surfaces.ts';

export interface Target {
  origin: string;
  /** Of the base URL. */
  path: string;
  headers: string[];
  streamHeaders: string[];
}

type Reached = Pick<Channel, 'dialect' | 'baseUrl' | 'apiKey'>;

/** Targets kept at most: each change of a key or an address makes another. */
const targetsMax = 1000;

export function targetOf(targets: Map<string, Target>, channel: Reached): Target {
  const address = resolveSandboxUrl(channel.baseUrl);
  const name = `${channel.dialect}\n${address}\n${channel.apiKey}`;
  const known = targets.get(name);
  if (known) return known;
  if (targets.size >= targetsMax) targets.clear();
  const target = openTarget(channel, address);
  targets.set(name, target);
  return target;
}

export function openTarget(channel: Reached, address = resolveSandboxUrl(channel.baseUrl)): Target {
  const url = new URL(address);
  // An answer must come uncompressed to be read.
  const headers = [
    ...Object.entries(speechOf(channel.dialect).keyHeaders(channel.apiKey)).flat(),
    'content-type',
    'application/json',
    'accept-encoding',
    'identity',
    'user-agent',
    'sluice',
    'accept',
  ];
  return {
    origin: url.origin,
    path: url.pathname.replace(/\/+$/, ''),
    headers: [...headers, 'application/json'],
    streamHeaders: [...headers, 'text/event-stream'],
  };
}
