/** What every part of the relay works with. */
import type { Registry } from 'prom-client';
import type { Platform } from '../../platform/context.ts';
import type { Access, Rates } from '../access/index.ts';
import type { MeterBook, PriceBook } from '../catalog/index.ts';
import type { TermsBook } from '../entitlements/index.ts';
import type { Keyring } from '../identity/index.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { CallMetrics } from './call-metrics.ts';
import type { Calls } from './calls.ts';
import type { Channels } from './channels.ts';
import type { GatewayLimits } from './limits.ts';
import type { ServiceRecord } from './service-record.ts';
import type { TokenCounter } from './token-counter.ts';
import type { Upstream } from './upstream.ts';

export interface GatewayDependencies {
  platform: Platform;
  access: Access;
  keyring: Keyring;
  terms: TermsBook;
  rates: Rates;
  prices: PriceBook;
  meters: MeterBook;
  channels: Channels;
  limits?: Partial<GatewayLimits>;
  /** Where calls are measured for a scrape. */
  registry?: Registry | undefined;
}

export interface Gateway extends Required<Omit<GatewayDependencies, 'registry'>> {
  limits: GatewayLimits;
  calls: Calls;
  upstream: Upstream;
  counter: TokenCounter;
  /** Where attempts that failed are written down. */
  attempts: AttemptLog;
  /** Where it is counted how calls ended. */
  service: ServiceRecord;
  metrics: CallMetrics | undefined;
}
