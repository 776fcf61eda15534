/** PayPal is told once where notifications go, through its own API. */
import { invariant } from '../../../../../platform/errors.ts';

export interface App {
  client_id: string;
  client_secret: string;
  webhook_id: string;
}

/** @param api where PayPal, or its simulator, is called. */
export async function moveWebhook(api: string, app: App, url: string): Promise<void> {
  const answer = await fetch(`${api}/v1/notifications/webhooks/${app.webhook_id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${await signIn(api, app)}` },
    body: JSON.stringify([{ op: 'replace', path: '/url', value: url }]),
  });
  invariant(answer.ok, 'the webhook was moved');
}

export async function signIn(api: string, { client_id, client_secret }: App): Promise<string> {
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  const granted = await fetch(`${api}/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = (await granted.json()) as { access_token: string };
  return access_token;
}
