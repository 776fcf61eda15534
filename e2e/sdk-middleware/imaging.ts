/** A company's imaging service beside Sluice: registered, with a meter, plans and customers. */
import { createSluice, type Sluice, type SluiceOptions } from '../../sdk/src/index.ts';
import { type Client, done, newCustomer, newKey, signIn } from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

export interface Imaging {
  server: ServerProcess;
  operator: Client;
  applicationKey: string;
  client(options?: Partial<SluiceOptions>): Sluice;
  /** A customer of the application with a plan, and their API key. */
  customer(plan: 'basic' | 'pro', name: string): Promise<Customer>;
}

export interface Customer {
  key: string;
  organization: string;
  /** Analyses that count by now, and those in flight. */
  analyses(): Promise<{ used: string; reserved: string }>;
}

export async function startImaging(): Promise<Imaging> {
  const server = await startServer();
  const operator = await signIn(server, server.operator);
  const post = (path: string, body: object) => done(operator.post(`/api/v1/admin/${path}`, body));
  const application = (await post('applications', { slug: 'imaging', name: 'Imaging' })).id;
  await post('meters', { application, key: 'analyses', name: 'Analyses', aggregation: 'count' });
  await post('features', { application, key: 'sso', name: 'Single sign-on' });
  const quotas = (limit: number) => [{ meter: 'imaging.analyses', window: 'month', limit }];
  await post('plans', { slug: 'imaging-basic', name: 'Basic', quotas: quotas(3) });
  const features = { 'imaging.sso': true };
  await post('plans', { slug: 'imaging-pro', name: 'Pro', quotas: quotas(1_000), features });
  const { key } = await post(`applications/${application}/keys`, { name: 'production' });
  const client = (options: Partial<SluiceOptions> = {}) =>
    createSluice({ baseUrl: server.url, applicationKey: key, failure: 'closed', ...options });
  return {
    server,
    operator,
    applicationKey: key,
    client,
    async customer(plan, name) {
      const person = await newCustomer(server, name);
      const path = `/api/v1/admin/organizations/${person.organization}/plan`;
      await done(operator.put(path, { plan: `imaging-${plan}` }));
      const secret = await newKey(person.client);
      return {
        key: secret,
        organization: person.organization,
        async analyses() {
          const { data } = await client().quotas({ api_key: secret });
          const found = data.find(({ meter }) => meter === 'imaging.analyses');
          if (!found) throw new Error(`There is no such quota: ${JSON.stringify(data)}`);
          return { used: found.used, reserved: found.reserved };
        },
      };
    },
  };
}
