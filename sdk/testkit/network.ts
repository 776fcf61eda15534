/** A scripted network for tests: answers one request after the other, and keeps what was asked. */

export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: judged by the assertions on it
  body: any;
}

type Reply = (asked: Asked) => Response | Promise<Response>;

export interface Network {
  fetch: typeof globalThis.fetch;
  asked: Asked[];
}

/** The last reply serves all further requests. */
export function createNetwork(...replies: Reply[]): Network {
  const asked: Asked[] = [];
  return {
    asked,
    async fetch(input, init) {
      const url = new URL(String(input));
      const one = {
        method: init?.method ?? 'GET',
        path: url.pathname + url.search,
        headers: new Headers(init?.headers),
        body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
      };
      const reply = replies[Math.min(asked.length, replies.length - 1)];
      asked.push(one);
      if (!reply) throw new Error('no reply is scripted');
      return reply(one);
    },
  };
}

export const answers = (body: unknown) => () => Response.json(body);

export const refuses =
  (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}) =>
  () =>
    Response.json(
      { error: { message: 'No.', request_id: 'req_1', ...error } },
      { status, headers },
    );

export const isAway = () => {
  throw new TypeError('fetch failed');
};
