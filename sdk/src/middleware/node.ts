/** What Express and Fastify share: Node's own response. */
import type { End } from './call.ts';

/** As much of Node's response as is needed; HTTP/2's has it too. */
export interface NodeResponse {
  statusCode: number;
  readonly writableFinished: boolean;
  readonly errored?: Error | null;
  once(event: 'close', listener: () => void): unknown;
}

/** Calls back once the response is sent or broken. A stream ends here too, and so does a handler that throws. */
export function whenEnded(response: NodeResponse, tell: (end: End) => void): void {
  response.once('close', () => {
    const isBroken = Boolean(response.errored);
    tell({
      status: isBroken ? 500 : response.statusCode,
      isAborted: !isBroken && !response.writableFinished,
    });
  });
}

export type NodeHeaders = Record<string, string | string[] | undefined>;

export function headerIn(headers: NodeHeaders): (name: string) => string | undefined {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
}
