/** Passkeys: what a device or a password manager signs in with, instead of a password. https://www.w3.org/TR/webauthn-3/ */
import { z } from 'zod';
import { IdParams, Instant, nameOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Session } from './identity.ts';

/** Bytes in base 64 for URLs. */
const Bytes = z
  .string()
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]*$/, 'Send bytes as base 64 for URLs.');

/** What browsers make of options; they may say more than is read here. */
const credential = {
  id: Bytes.max(1400).min(1),
  rawId: Bytes.max(1400).min(1),
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
};

export const CreatedCredential = z
  .looseObject({
    ...credential,
    response: z.looseObject({
      clientDataJSON: Bytes,
      attestationObject: Bytes,
      transports: z.array(z.string().max(40)).max(10).optional(),
    }),
  })
  .meta({ id: 'CreatedCredential' });

export const AssertedCredential = z
  .looseObject({
    ...credential,
    response: z.looseObject({
      clientDataJSON: Bytes,
      authenticatorData: Bytes,
      signature: Bytes,
      userHandle: Bytes.nullish(),
    }),
  })
  .meta({ id: 'AssertedCredential' });

const Options = z.object({
  options: z.record(z.string(), z.unknown()).meta({
    description: 'For the browser’s call; the challenge in it is good for five minutes and once.',
  }),
});

const Passkey = z
  .object({
    id: z.string(),
    name: z.string(),
    synced: z.boolean().meta({ description: 'Kept by a password manager, on several devices.' }),
    created_at: Instant,
    last_used_at: Instant.nullable(),
  })
  .meta({ id: 'Passkey' });

const Name = nameOf('passkey', 60);

export const beginPasskeySignIn = endpoint({
  operation: 'beginPasskeySignIn',
  method: 'POST',
  path: '/api/v1/auth/passkeys/options',
  summary:
    'Options with which a browser asks for any passkey of this deployment; no name is needed.',
  body: z.strictObject({}),
  answer: Options,
  refusals: ['passkeys_unavailable', 'too_many_requests'],
});

export const signInWithPasskey = endpoint({
  operation: 'signInWithPasskey',
  method: 'POST',
  path: '/api/v1/auth/passkeys/sign-in',
  summary:
    'Signs in with what the passkey signed; it checked who holds it, which counts as a second factor.',
  body: z.strictObject({ credential: AssertedCredential }),
  answer: Session,
  refusals: ['passkey_invalid', 'passkeys_unavailable', 'user_suspended', 'email_not_verified'],
});

export const listPasskeys = endpoint({
  operation: 'listPasskeys',
  method: 'GET',
  path: '/api/v1/me/passkeys',
  summary: 'Passkeys of the signed-in person, the oldest first.',
  answer: z.object({ data: z.array(Passkey), next_cursor: z.null() }),
});

export const beginPasskey = endpoint({
  operation: 'beginPasskey',
  method: 'POST',
  path: '/api/v1/me/passkeys/options',
  summary: 'Options with which a browser makes a passkey for the signed-in person.',
  body: z.strictObject({
    password: z.string().min(1).max(200).optional(),
    totp: z.string().trim().min(1).max(20).optional(),
  }),
  answer: Options,
  refusals: ['proof_required', 'proof_invalid', 'passkeys_unavailable', 'invalid_state'],
});

export const createPasskey = endpoint({
  operation: 'createPasskey',
  method: 'POST',
  path: '/api/v1/me/passkeys',
  summary: 'Adds the passkey that the browser made.',
  body: z.strictObject({ name: Name, credential: CreatedCredential }),
  answer: Passkey,
  status: 201,
  refusals: ['passkey_invalid', 'passkeys_unavailable', 'invalid_state'],
});

export const renamePasskey = endpoint({
  operation: 'renamePasskey',
  method: 'PATCH',
  path: '/api/v1/me/passkeys/{id}',
  summary: 'Gives a passkey another name.',
  params: IdParams,
  body: z.strictObject({ name: Name }),
  answer: Passkey,
  example: { name: 'Laptop' },
});

export const removePasskey = endpoint({
  operation: 'removePasskey',
  method: 'DELETE',
  path: '/api/v1/me/passkeys/{id}',
  summary: 'Removes a passkey; it signs in no more.',
  params: IdParams,
  status: 204,
});
