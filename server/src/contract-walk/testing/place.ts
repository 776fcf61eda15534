/** A whole server, and the people who are made on it. */
import { createVerifiedUser } from '../../domains/identity/index.ts';
import type { Deployment, Server, Services } from '../../main.ts';
import type { TestDatabase } from '../../platform/testkit/database.ts';

const password = 'correct horse battery';

export type Headers = Record<string, string>;

export interface Place {
  db: TestDatabase;
  deployment: Deployment;
  services: Services;
  server: Server;
}

export async function makeUser({ deployment }: Place, name: string) {
  const email = `${name}@example.com`;
  const made = await createVerifiedUser(deployment.context(), { email, name, password });
  if (!made) throw new Error(`${name} is there already`);
  return { ...made, email };
}

export async function signIn(
  { server }: Place,
  login: string,
  organization?: string,
): Promise<Headers> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { login, password },
  });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return {
    ...bearer(answer.json().access_token),
    ...(organization === undefined ? {} : { 'sluice-organization': organization }),
  };
}

export function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}
