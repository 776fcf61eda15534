/** Every lint of our own, by the name it is reported under. */
import { clocks, exactMoney, idlePermits, words } from './lines.ts';
import { links } from './links.ts';
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
  decisions,
  links,
  'payment providers': paymentProviders,
  'payment proofs': paymentProofs,
  'tenant scope': tenantScope,
};

export function describeFinding({ path, line, message }: Finding): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}: ${message}`;
}
