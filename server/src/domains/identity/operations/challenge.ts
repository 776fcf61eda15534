/** Challenges for passkeys: made here, good for five minutes, and for one answer. */
import { randomBytes } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { Refusal } from '../../../platform/errors.ts';
import { type RelyingParty, relyingPartyOf } from '../core/relying-party.ts';
import { consumeChallenge, insertChallenge } from '../store/passkeys.ts';

export const challengeMs = 5 * 60_000;

/** Makes a challenge; `userId` is null where somebody signs in, and we do not know who. */
export async function newChallenge(
  context: Context,
  userId: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(randomBytes(32));
  await insertChallenge(context.database, {
    hash: sha256(Buffer.from(bytes).toString('base64url')),
    userId,
    expiresAt: new Date(context.clocks.wall().getTime() + challengeMs),
  });
  return bytes;
}

/**
 * Uses up the challenge that a browser's answer names, whatever else is wrong with it.
 * @throws Refusal `passkey_invalid`.
 */
export async function takeChallenge(
  context: Context,
  { clientDataJSON, userId }: { clientDataJSON: string; userId: string | null },
): Promise<string> {
  const challenge = challengeIn(clientDataJSON);
  const isOurs =
    challenge !== undefined &&
    (await consumeChallenge(context.database, {
      hash: sha256(challenge),
      userId,
      now: context.clocks.wall(),
    }));
  if (!isOurs) throw passkeyInvalid();
  return challenge;
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const said: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    if (typeof said !== 'object' || said === null || !('challenge' in said)) return undefined;
    return typeof said.challenge === 'string' ? said.challenge : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws Refusal `passkeys_unavailable` where browsers would take none for this address. */
export function requireRelyingParty({ config }: Pick<Context, 'config'>): RelyingParty {
  const party = relyingPartyOf(config.publicUrl);
  if (party) return party;
  throw new Refusal(
    'passkeys_unavailable',
    'Passkeys need HTTPS and a host name: sign in another way.',
  );
}

/** One sentence for everything that can be wrong: it helps nobody who tries. */
export function passkeyInvalid(): Refusal {
  return new Refusal(
    'passkey_invalid',
    'The passkey was not accepted: try again, or sign in another way.',
  );
}
