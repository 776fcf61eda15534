/** Sign-ins that a sandbox prints at every start: kept beside its data, readable by its owner only. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../platform/config.ts';

export interface SignIn {
  who: 'Customer' | 'Operator';
  email: string;
  password: string;
}

export function readSignIns(config: Config): SignIn[] {
  try {
    return JSON.parse(readFileSync(fileOf(config), 'utf8')) as SignIn[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Remembers a sign-in in place of an older one of the same address. */
export function keepSignIn(config: Config, signIn: SignIn): void {
  const others = readSignIns(config).filter(({ email }) => email !== signIn.email);
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(fileOf(config), JSON.stringify([signIn, ...others], undefined, 2), { mode: 0o600 });
}

function fileOf(config: Config): string {
  return join(config.dataDir, 'sign-ins.json');
}
