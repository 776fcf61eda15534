import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { isProvenBySession, type ProofNeed, type SignIn } from '../core/proof.ts';
import { isPassword } from '../passwords.ts';
import { findPasswordHash } from '../store/accounts.ts';
import { findTotp } from '../store/second-factors.ts';
import type { UserWithPassword } from '../store/users.ts';
import { findUser } from '../store/users.ts';
import { takeCode } from './check-second-factor.ts';
import { beginProof } from './login-attempts.ts';

/** Somebody who is signed in. */
export interface Person {
  userId: string;
  sessionId: string;
  signIn: SignIn;
}

/** What they send to show once more who they are. */
export interface Proof {
  password?: string | undefined;
  totp?: string | undefined;
}

interface ProofAsked {
  proof: Proof;
  need: ProofNeed;
  /** What the request calls the password that it shows. */
  passwordParam?: PasswordParam;
}

type PasswordParam = 'password' | 'old_password';

/**
 * Lets pass who signed in a moment ago, or shows a password or a code now.
 * @throws Refusal `proof_required`, `proof_invalid`, `too_many_requests`.
 */
export async function proveAgain(
  context: Context,
  person: Person,
  { proof, need, passwordParam }: ProofAsked,
): Promise<void> {
  const user = await load(context, person);
  if (proof.password === undefined && proof.totp === undefined) {
    const hasPassword = user.passwordHash !== '';
    const now = context.clocks.wall();
    if (isProvenBySession(need, person.signIn, { hasPassword, now })) return;
    throw proofRequired(hasPassword ? 'password' : undefined);
  }
  await check(context, user, proof, passwordParam);
}

/**
 * Lets pass who shows everything that they have: the password, where there is one, and a code.
 * @throws Refusal `proof_required`, `proof_invalid`, `too_many_requests`.
 */
export async function proveByBoth(context: Context, person: Person, proof: Proof): Promise<void> {
  const user = await load(context, person);
  if (user.passwordHash !== '' && proof.password === undefined) throw proofRequired('password');
  if (proof.totp === undefined) throw proofRequired('totp');
  const { password, totp } = proof;
  await check(context, user, user.passwordHash === '' ? { totp } : { password, totp });
}

async function load({ database }: Context, { userId }: Person): Promise<UserWithPassword> {
  const user = await findUser(database, userId);
  const passwordHash = await findPasswordHash(database, userId);
  invariant(user && passwordHash !== undefined, 'a session belongs to a person');
  return { ...user, passwordHash };
}

/** Each part that was sent must be right. The attempt is counted before anything is known about it. */
async function check(
  context: Context,
  user: UserWithPassword,
  proof: Proof,
  passwordParam: PasswordParam = 'password',
): Promise<void> {
  const attempt = await beginProof(context, user.id);
  if (proof.password !== undefined && !(await isPassword(proof.password, user.passwordHash))) {
    throw proofInvalid(passwordParam);
  }
  const typed = proof.totp;
  if (typed !== undefined) {
    const isRight = await inTransaction(context, async (transaction) => {
      const totp = await findTotp(transaction, user.id);
      return totp?.enabledAt ? takeCode(context, transaction, { user, typed }) : false;
    });
    if (!isRight) throw proofInvalid('totp');
  }
  await attempt.succeed();
}

function proofRequired(param: string | undefined): Refusal {
  return new Refusal(
    'proof_required',
    'Confirm that it is you: send your password or a code, or sign in again.',
    { param },
  );
}

/** The refusal for a password or code that is wrong, of somebody who is signed in. */
export function proofInvalid(param: PasswordParam | 'totp'): Refusal {
  return new Refusal(
    'proof_invalid',
    param === 'totp'
      ? 'The code is wrong or was used before: wait for the next one, then try again.'
      : 'The password is wrong: correct it.',
    { param },
  );
}
