/** A server process as far as rates are concerned: takes so many calls at once, says how many it got, and holds them. */
import { readConfig } from '../../../../platform/config.ts';
import { createLog } from '../../../../platform/log.ts';
import { systemClocks } from '../../../../platform/time.ts';
import { createRates } from '../rates.ts';

const [url = '', organizationId = '', calls = '0', concurrency = '1'] = process.argv.slice(2);
const rates = createRates({
  config: { ...readConfig({}), redisUrl: url },
  log: createLog('silent'),
  clocks: systemClocks(() => 0),
});
while (!rates.isRedisUp()) await new Promise((resolve) => setTimeout(resolve, 5));
const none = { requestsPerMinute: null, tokensPerMinute: null, concurrency: null };
const decisions = await Promise.all(
  Array.from({ length: Number(calls) }, (_, index) =>
    rates.take({
      ...{ requestId: `${process.pid}-${index}`, organizationId, apiKeyId: null, tokens: 0 },
      ...{ plan: { ...none, concurrency: Number(concurrency) }, key: null, leaseMs: 60_000 },
    }),
  ),
);
const permitted = decisions.filter((decision) => decision.permitted).length;
process.stdout.write(`${JSON.stringify({ permitted, fallbacks: rates.fallbacks() })}\n`);
rates.close();
