import type { IncomingMessage } from 'node:http';
import { refusals } from '../core/refusals.ts';
import type { Gateway } from '../gateway.ts';
import { Refused } from '../refused.ts';

/** The caller left before the call began; there is nobody to answer. */
export class CallerGone extends Error {}

/**
 * Reads the whole body, as it came. The bytes are reserved in `gateway.calls`; the caller of this function gives them
 * back.
 * @throws Refused for a body that is too large, or where the process holds too many.
 */
export function readBody(gateway: Gateway, request: IncomingMessage): Promise<Buffer> {
  const { limits, calls } = gateway;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.bodyBytesMax) return Promise.reject(new Refused(refusals.bodyTooLarge));

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isOver = false;
    const fail = (error: Error) => {
      if (isOver) return;
      isOver = true;
      calls.giveBytes(bytes);
      request.removeAllListeners('data');
      request.resume();
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      if (bytes + chunk.length > limits.bodyBytesMax) {
        return fail(new Refused(refusals.bodyTooLarge));
      }
      if (!calls.takeBytes(chunk.length)) return fail(new Refused(refusals.overloaded));
      bytes += chunk.length;
      chunks.push(chunk);
    });
    request.on('end', () => {
      if (isOver) return;
      isOver = true;
      const [first] = chunks;
      resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks));
    });
    const gone = () => {
      // Every request closes in the end, and an error that nobody needs still costs its stack trace.
      if (!isOver) fail(new CallerGone('The caller left while sending the body.'));
    };
    request.on('error', gone);
    request.on('close', gone);
    // It may have happened while the key was looked up.
    if (request.destroyed) gone();
  });
}
