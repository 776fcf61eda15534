/**
 * Passwords as argon2id hashes. Each hash takes 19 MiB while it is made, so few are made at once and the rest wait.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { Refusal } from '../../platform/errors.ts';

const parameters = {
  // The package declares its algorithms as a const enum, which type stripping cannot read; 2 is argon2id.
  algorithm: 2 as Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

const atOnceMax = 2;
const waitingMax = 100;

let running = 0;
const waiting: (() => void)[] = [];

export async function hashPassword(password: string): Promise<string> {
  return oneOfFew(() => hash(password, parameters));
}

/** Checks a password; without a hash, as guests have none, it takes as long and answers false, so that nobody learns who has an account. */
export async function isPassword(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  const known = passwordHash || (await nobodysHash());
  const matches = await oneOfFew(() => verify(known, password));
  return matches && known === passwordHash;
}

let nobody: Promise<string> | undefined;

function nobodysHash(): Promise<string> {
  nobody ??= hashPassword('a password that nobody has');
  return nobody;
}

/** @throws Refusal `too_many_requests` where too many wait already. */
async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnceMax) {
    if (waiting.length >= waitingMax) {
      throw new Refusal('too_many_requests', 'Too many people sign in right now: try again soon.', {
        retryAfterSeconds: 5,
      });
    }
    // Whoever leaves hands its place on, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
