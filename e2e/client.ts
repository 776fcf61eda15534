/** What a script of a customer or an operator does: plain HTTP, nothing of the server's own code. */
import type { ServerProcess, SignIn } from './server.ts';

/** A parsed answer; tests read what the public contract names. */
// biome-ignore lint/suspicious/noExplicitAny: answers are judged by the assertions on them, as in any other script.
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
}

export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

export function createClient(server: { url: string }, token?: string): Client {
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
  };
}

/** The body of an answer that had to succeed. */
export async function done(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

export async function signIn(server: { url: string }, who: SignIn): Promise<Client> {
  const { access_token } = await done(
    createClient(server).post('/api/v1/auth/login', { login: who.email, password: who.password }),
  );
  return createClient(server, access_token);
}

export interface Customer extends SignIn {
  organization: string;
  client: Client;
}

/**
 * Signs up, follows the mailed link and signs in. Any server of a cluster may send the mail, and each has a mailbox of
 * its own.
 */
export async function newCustomer(
  server: ServerProcess,
  name = 'ann',
  mailboxes: readonly { url: string }[] = [server],
): Promise<Customer> {
  const email = `${name}-${Date.now().toString(36)}@example.com`;
  const password = 'a long enough password';
  const anyone = createClient(server);
  const { organization } = await done(
    anyone.post('/api/v1/auth/register', { email, password, name }),
  );
  const link = await mailedLink(mailboxes, email);
  const token = new URL(link).searchParams.get('token');
  await done(anyone.post('/api/v1/auth/verify-email', { token }));
  const client = await signIn(server, { email, password });
  return { email, password, organization: organization.id, client };
}

/** The link of the newest mail to an address, once it has arrived in one of the mailboxes. */
export async function mailedLink(
  mailboxes: readonly { url: string }[],
  to: string,
): Promise<string> {
  const mailbox = `/sandbox/mailbox?to=${encodeURIComponent(to)}`;
  const newest = await until(async () => {
    const answers = await Promise.all(mailboxes.map((server) => createClient(server).get(mailbox)));
    return answers.flatMap(({ body }) => body.data).at(0);
  });
  return newest.links[0];
}

/** An operator enters money that came by bank transfer: the shortest way to a filled wallet. */
export async function payIn(operator: Client, organization: string, amount: string): Promise<void> {
  const note = 'Bank transfer';
  await done(
    operator.post('/api/v1/admin/payments/manual', { organization, amount, currency: 'USD', note }),
  );
}

export async function newKey(client: Client, name = 'program'): Promise<string> {
  return (await done(client.post('/api/v1/api-keys', { name }))).key;
}

/** Asks again and again until there is an answer. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  { limitMs = 20_000, everyMs = 100 } = {},
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Nothing came within ${limitMs} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
