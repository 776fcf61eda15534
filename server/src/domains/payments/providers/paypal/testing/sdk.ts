/** PayPal's own SDK, for tests: it calls the simulator, and its answers are judged by PayPal's schemas. */
import {
  type ApiResponse,
  type Client,
  CustomError,
  OrdersController,
  PaymentsController,
  VaultController,
} from '@paypal/paypal-server-sdk';
import { expect } from 'vitest';

const officialUrl = 'https://api-m.sandbox.paypal.com';

interface AxiosCall {
  url: string;
  method: string;
  headers: Record<string, string>;
  data?: string;
}

/** The SDK knows PayPal's own addresses only, so its HTTP goes to the simulator below it. */
export function callingSimulator(simulatorUrl: string) {
  return async (config: AxiosCall) => {
    const answer = await fetch(config.url.replace(officialUrl, simulatorUrl), {
      method: config.method,
      headers: Object.fromEntries(
        Object.entries(config.headers).map(([name, value]) => [name, String(value)]),
      ),
      ...(config.data === undefined ? {} : { body: config.data }),
    });
    const { status, statusText } = answer;
    const headers = Object.fromEntries(answer.headers);
    return { data: await answer.text(), status, statusText, headers, config, request: {} };
  };
}

/** Nothing of the answer was lost or changed on the way through PayPal's schemas. */
export function judge<T>({ result, body }: ApiResponse<T>): T {
  expect(JSON.parse(JSON.stringify(result))).toEqual(inCamelCase(JSON.parse(String(body))));
  return result;
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      inCamelCase(part),
    ]),
  );
}

/** What it is refused with. */
export async function issueOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CustomError);
  const { result, statusCode } = error as CustomError;
  return [statusCode, result?.name, result?.details?.[0]?.issue];
}

/** What the SDK makes of our body when it sends the same. */
export async function sendBySdk(sdk: Client, path: string, body: unknown): Promise<unknown> {
  const said = inCamelCase(body) as never;
  const vaulting = new VaultController(sdk);
  if (path.endsWith('/capture')) {
    return echoed(await new OrdersController(sdk).captureOrder({ id: 'x', body: said }));
  }
  if (path.endsWith('/refund')) {
    const refund = { captureId: 'x', body: said };
    return echoed(await new PaymentsController(sdk).refundCapturedPayment(refund));
  }
  if (path.endsWith('/setup-tokens'))
    return echoed(await vaulting.createSetupToken({ body: said }));
  if (path.endsWith('/payment-tokens')) {
    return echoed(await vaulting.createPaymentToken({ body: said }));
  }
  return echoed(await new OrdersController(sdk).createOrder({ body: said }));
}

function echoed({ headers }: ApiResponse<unknown>): unknown {
  return JSON.parse(Buffer.from(headers['x-sent'] ?? '', 'base64').toString('utf8'));
}

/** Signs the SDK in, and answers every other call with what was sent. */
export function echoing(simulatorUrl: string) {
  const signIn = callingSimulator(simulatorUrl);
  return async (config: AxiosCall) => {
    if (config.url.endsWith('/v1/oauth2/token')) return signIn(config);
    const headers = { 'x-sent': Buffer.from(config.data ?? '{}').toString('base64') };
    return { data: '{}', status: 200, statusText: 'OK', headers, config, request: {} };
  };
}
