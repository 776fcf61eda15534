/** The secrets that the sandbox's counterparts were given: drawn at random once, then kept in the data folder. */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Credentials {
  /** The merchant at the credit provider: its id, and the key that signs. */
  credit: { pid: string; key: string };
  upstreamKey: string;
}

export function loadCredentials(dataDir: string | undefined): Credentials {
  const path = dataDir === undefined ? undefined : join(dataDir, 'credentials.json');
  if (path !== undefined && existsSync(path)) {
    return JSON.parse(readFileSync(path, 'utf8')) as Credentials;
  }
  const drawn = drawCredentials();
  if (path !== undefined)
    writeFileSync(path, `${JSON.stringify(drawn, null, 2)}\n`, { mode: 0o600 });
  return drawn;
}

function drawCredentials(): Credentials {
  return {
    credit: { pid: String(randomInt(1_000, 100_000)), key: randomBytes(32).toString('hex') },
    upstreamKey: `sk-sandbox-${randomBytes(24).toString('hex')}`,
  };
}
