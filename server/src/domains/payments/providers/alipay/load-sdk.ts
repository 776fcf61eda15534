import { Socket } from 'node:net';

let loaded: Promise<typeof import('alipay-sdk')> | undefined;

/**
 * Alipay's official SDK, loaded at its first use: it takes 180 ms and 40 MB, and most deployments never pay by it.
 *
 * Its HTTP client, which is not used here, writes on an error which socket ended with it, once for all: every connection of
 * the process whose end is told to two sockets, as that of a pool is, would throw.
 * https://github.com/node-modules/urllib/blob/v4.9.1/src/diagnosticsChannel.ts
 */
export function loadSdk(): Promise<typeof import('alipay-sdk')> {
  loaded ??= load();
  return loaded;
}

async function load() {
  const { destroy } = Socket.prototype;
  const sdk = await import('alipay-sdk');
  Socket.prototype.destroy = destroy;
  return sdk;
}
