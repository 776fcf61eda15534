/** Every lint of our own, by the name it is reported under. */
import { billingCases } from './billing-cases.ts';
import { handbook } from './handbook.ts';
import { clocks, exactMoney, idlePermits, words } from './lines.ts';
import { links } from './links.ts';
import { liveMigrations } from './live-migrations.ts';
import { paymentProofs } from './payment-proofs.ts';
import { paymentProviders } from './payment-providers.ts';
import { purity } from './purity.ts';
import { decisions, domainShape, fileLength, fileNames, migrationNumbers } from './shape.ts';
import type { Finding, Lint } from './source.ts';
import { tenantScope } from './tenant-scope.ts';

export const lints: Record<string, Lint> = {
  'file length': fileLength,
  'file names': fileNames,
  words,
  'exact money': exactMoney,
  clocks,
  purity,
  'idle permits': idlePermits,
  'domain shape': domainShape,
  'migration numbers': migrationNumbers,
  'live migrations': liveMigrations,
  decisions,
  links,
  handbook,
  'payment providers': paymentProviders,
  'payment proofs': paymentProofs,
  'billing cases': billingCases,
  'tenant scope': tenantScope,
};

export function describeFinding({ path, line, message }: Finding): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}: ${message}`;
}
