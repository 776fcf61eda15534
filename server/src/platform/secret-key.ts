/** The deployment's secret: from the environment, or in a sandbox made once and kept beside its data. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';
import { newSecret } from './crypto.ts';

/** @throws ConfigError in live mode without a key. */
export function secretKeyOf(config: Config): string {
  if (config.secretKey !== undefined) return config.secretKey;
  if (config.mode === 'live')
    throw new ConfigError('Live mode needs SLUICE_SECRET_KEY: set it, then start again.');
  const file = join(config.dataDir, 'secret-key');
  mkdirSync(config.dataDir, { recursive: true });
  try {
    // Created by whoever comes first; the others read what that one wrote.
    writeFileSync(file, newSecret(''), { flag: 'wx', mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
