import type { CreatedCredential } from '@sluice/contract/passkeys';
import type { z } from 'zod';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { findPasskeys, insertPasskey, type Passkey } from '../store/passkeys.ts';
import { findUser, lockUser } from '../store/users.ts';
import { newChallenge, passkeyInvalid, requireRelyingParty, takeChallenge } from './challenge.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, type Proof, proveAgain } from './prove-again.ts';

export const passkeysMax = 20;

/** EdDSA, ES256 and RS256: what every authenticator has one of. */
const algorithms = [-8, -7, -257];

/**
 * Options with which a browser makes a passkey for the person.
 * @throws Refusal `proof_required`, `proof_invalid`, `passkeys_unavailable`, `invalid_state` where there are too many.
 */
export async function beginPasskey(
  context: Context,
  person: Person,
  proof: Proof,
): Promise<Record<string, unknown>> {
  const party = requireRelyingParty(context);
  await proveAgain(context, person, { proof, need: 'recent' });
  const { userId } = person;
  const user = await findUser(context.database, userId);
  invariant(user, 'a session belongs to a person');
  const known = await findPasskeys(context.database, { userId, limit: passkeysMax });
  if (known.length >= passkeysMax) throw tooMany();
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const options = await generateRegistrationOptions({
    rpName: 'Sluice',
    rpID: party.id,
    userName: user.email,
    userDisplayName: user.name ?? user.email,
    // The passkey gives it back at every sign-in; it says nothing about the person.
    userID: new Uint8Array(Buffer.from(userId)),
    challenge: await newChallenge(context, userId),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports,
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return { ...options };
}

/**
 * Keeps the passkey that the browser made.
 * @throws Refusal `passkey_invalid`, `passkeys_unavailable`, `invalid_state` where there are too many.
 */
export async function createPasskey(
  context: Context,
  { userId }: Person,
  { name, credential }: { name: string; credential: z.output<typeof CreatedCredential> },
): Promise<Passkey> {
  const made = await verify(context, userId, credential);
  const createdAt = context.clocks.wall();
  return inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, userId);
    invariant(user, 'a session belongs to a person');
    const known = await findPasskeys(transaction, { userId, limit: passkeysMax });
    if (known.length >= passkeysMax) throw tooMany();
    const passkey = await insertPasskey(transaction, {
      id: newId('psk', createdAt),
      userId,
      credentialId: made.credential.id,
      publicKey: made.credential.publicKey,
      counter: BigInt(made.credential.counter),
      transports: made.credential.transports ?? [],
      name,
      isSynced: made.credentialBackedUp,
      createdAt,
    });
    if (!passkey) throw passkeyInvalid();
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'passkey.create',
      resource: { kind: 'user', id: userId },
      newValues: { passkey: passkey.id, name, synced: passkey.isSynced },
    });
    await notifyPerson(context, transaction, { user, kind: 'passkey_added', detail: name });
    return passkey;
  });
}

async function verify(
  context: Context,
  userId: string,
  credential: z.output<typeof CreatedCredential>,
) {
  const party = requireRelyingParty(context);
  const { clientDataJSON } = credential.response;
  const expectedChallenge = await takeChallenge(context, { clientDataJSON, userId });
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  type Response = Parameters<typeof verifyRegistrationResponse>[0]['response'];
  const verified = await verifyRegistrationResponse({
    // Its fields are the contract's; the library names the values of some more narrowly, and checks them.
    response: credential as unknown as Response,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch((error: Error) => {
    // The library throws for whatever does not fit; which it was is for the operator's log only.
    context.log.info({ err: error }, 'a passkey was not accepted');
    return undefined;
  });
  // The signed data names the credential; what stands around it must not name another.
  if (verified?.registrationInfo?.credential.id !== credential.id) throw passkeyInvalid();
  return verified.registrationInfo;
}

function tooMany(): Refusal {
  return new Refusal(
    'invalid_state',
    `An account has at most ${passkeysMax} passkeys: remove one first.`,
  );
}
