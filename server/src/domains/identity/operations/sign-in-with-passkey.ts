import type { AssertedCredential } from '@sluice/contract/passkeys';
import type { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { findPasskeyByCredential, type Passkey, takeCounter } from '../store/passkeys.ts';
import {
  challengeMs,
  newChallenge,
  passkeyInvalid,
  requireRelyingParty,
  takeChallenge,
} from './challenge.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { countRequest } from './limit-address.ts';
import type { SessionTokens } from './open-session.ts';

type Credential = z.output<typeof AssertedCredential>;

/** Of one address; each is a row for five minutes. */
const challengesPerHour = 600;

/**
 * Options with which a browser asks for any passkey that it has for this deployment.
 * @throws Refusal `passkeys_unavailable`, `too_many_requests`.
 */
export async function beginPasskeySignIn(context: Context): Promise<Record<string, unknown>> {
  const party = requireRelyingParty(context);
  await countRequest(context, {
    subject: `passkey_challenges:${context.actor.ip}`,
    perHour: challengesPerHour,
  });
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: await newChallenge(context, null),
    timeout: challengeMs,
    userVerification: 'required',
  });
  return { ...options };
}

/**
 * Signs in who holds the passkey; it has checked that itself, so nothing else is asked for.
 * @throws Refusal `passkey_invalid`, `passkeys_unavailable`, `user_suspended`.
 */
export async function signInWithPasskey(
  context: Context,
  accessTokens: AccessTokens,
  credential: Credential,
): Promise<SessionTokens> {
  const { clientDataJSON, userHandle } = credential.response;
  const expectedChallenge = await takeChallenge(context, { clientDataJSON, userId: null });
  const passkey = await findPasskeyByCredential(context.database, credential.id);
  if (!passkey) throw passkeyInvalid();
  if (userHandle && Buffer.from(userHandle, 'base64url').toString('utf8') !== passkey.userId) {
    throw passkeyInvalid();
  }
  const counter = await verify(context, { credential, passkey, expectedChallenge });
  return completeSignIn(
    context,
    accessTokens,
    { id: passkey.userId },
    {
      method: 'passkey',
      hasSecondFactor: true,
      // Together with the session: a passkey that was removed meanwhile opens none.
      async stillHolds(transaction) {
        const used = { id: passkey.id, counter, at: context.clocks.wall() };
        if (!(await takeCounter(transaction, used))) throw passkeyInvalid();
      },
    },
  );
}

/** Answers the signature's counter. */
async function verify(
  context: Context,
  {
    credential,
    passkey,
    expectedChallenge,
  }: { credential: Credential; passkey: Passkey; expectedChallenge: string },
): Promise<bigint> {
  const party = requireRelyingParty(context);
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  type Response = Parameters<typeof verifyAuthenticationResponse>[0]['response'];
  const verified = await verifyAuthenticationResponse({
    // Its fields are the contract's; the library names the values of some more narrowly, and checks them.
    response: credential as unknown as Response,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: Number(passkey.counter),
    },
    requireUserVerification: true,
  }).catch((error: Error) => {
    // The library throws for whatever does not fit; which it was is for the operator's log only.
    context.log.info({ err: error }, 'a passkey was not accepted');
    return undefined;
  });
  if (!verified?.verified) throw passkeyInvalid();
  return BigInt(verified.authenticationInfo.newCounter);
}
