/**
 * The list of common passwords, those of published breaches, which comes with the installation: nothing is asked of
 * anybody. It is read when a password is first set (40 ms, 19 MB), so that a process which sets none stays small.
 */
import { Refusal } from '../../platform/errors.ts';
import { findPasswordFault, type PasswordOwner } from './core/good-password.ts';

/**
 * Refuses a password that would be guessed at once.
 * @throws Refusal `password_common`, `password_personal`.
 */
export async function requireGoodPassword(password: string, owner: PasswordOwner): Promise<void> {
  const common = await commonPasswords();
  const fault = findPasswordFault(password, owner, (word) => common.has(word));
  if (fault === 'common') {
    throw new Refusal(
      'password_common',
      'This password is on the lists that attackers try first: choose another one.',
      { param: 'password' },
    );
  }
  if (fault === 'personal') {
    throw new Refusal(
      'password_personal',
      'Too much of this password is your own name or mail address: choose another one.',
      { param: 'password' },
    );
  }
}

let loaded: Promise<ReadonlySet<string>> | undefined;

function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= readList().catch((error) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function readList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const words = Object.values(dictionary['passwords-common']).map(String);
  return new Set(words.map((word) => word.toLowerCase()));
}
