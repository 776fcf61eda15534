/** Asks the API without a network between: a request goes through the same routes, checks and transactions. */
import type { Server } from '../server/src/main.ts';

/** A parsed answer. */
// biome-ignore lint/suspicious/noExplicitAny: what is read of it is named by the public contract, as in any script.
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
}

export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body?: object): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
  patch(path: string, body: object): Promise<Answer>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';

export function createClient(app: Server['app'], token?: string): Client {
  const send = async (method: Method, url: string, payload?: object): Promise<Answer> => {
    const answer = await app.inject({
      method,
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
  };
}

/** The body of an answer that had to succeed. */
export async function done(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** All entries of a list, page by page. */
export async function all(client: Client, path: string): Promise<Json[]> {
  const entries: Json[] = [];
  const mark = path.includes('?') ? '&' : '?';
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Json = await done(
      client.get(`${path}${mark}limit=100${cursor && `&cursor=${cursor}`}`),
    );
    entries.push(...page.data);
    cursor = page.next_cursor;
  }
  return entries;
}
