/** What every vendor's SDK is tried on: a server, and a customer with funds and a key. */
import {
  type Client,
  type Customer,
  type Json,
  newCustomer,
  newKey,
  payIn,
  signIn,
  until,
} from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

export interface Caller {
  server: ServerProcess;
  operator: Client;
  customer: Customer;
  apiKey: string;
}

export async function startCaller(funds: string): Promise<Caller> {
  const server = await startServer();
  const operator = await signIn(server, server.operator);
  const customer = await newCustomer(server);
  await payIn(operator, customer.organization, funds);
  return { server, operator, customer, apiKey: await newKey(customer.client) };
}

/** The receipt of a call, as soon as there is one. */
export function receiptFor(
  { client }: Customer,
  requestId: string | null | undefined,
): Promise<Json> {
  return until(async () => {
    const { status, body } = await client.get(`/api/v1/billing/usage/events/${requestId}`);
    return status === 200 && body;
  });
}

/** The error that a call ends with; undefined where it went well. */
export async function failureOf(call: PromiseLike<unknown>): Promise<Json> {
  return Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  );
}
