import type { AnswerOf } from '@sluice/contract/endpoint';
import type { testProvider as endpoint } from '@sluice/contract/payment-inbox';
import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { loadProvider } from './load-provider.ts';
import { withinTime } from './within-time.ts';

const answerWithinMs = 15_000;

/**
 * Asks a provider, switched on or not, whether it accepts our settings.
 * @throws Refusal `not_found`, `provider_not_configured`.
 */
export async function probeProvider(
  context: Context,
  id: string,
): Promise<AnswerOf<typeof endpoint>> {
  const loaded = await loadProvider(context, context.database, id);
  if (!loaded) throw notFound('payment provider', 'provider');
  const { connection, provider } = loaded;
  if (!connection) {
    throw new Refusal(
      'provider_not_configured',
      `${provider.name} lacks required settings: fill them in, then test the connection.`,
    );
  }
  const began = performance.now();
  const outcome = await withinTime(connection.probe(), answerWithinMs, (error) =>
    context.log.error({ err: error, provider: id }, 'a test of a connection failed'),
  );
  const took_ms = Math.round(performance.now() - began);
  if (outcome?.answers) return { answers: true, reason: null, took_ms };
  const reason = outcome?.reason ?? `${provider.name} did not answer in time.`;
  return { answers: false, reason, took_ms };
}
