/**
 * Access tokens: JWTs that live 15 minutes, signed with a key that is made once, kept sealed in the database and shared
 * by all processes. Applications check them by themselves with the public keys.
 */
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import type { Platform } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { findSigningKeys, insertSigningKey, type SigningKeyRow } from './store/sessions.ts';

export const accessTokenSeconds = 900;

const algorithm = 'EdDSA';

/** What a token says; `organization` is for applications, we look it up. */
export interface TokenSubject extends AccessClaims {
  /** The person's own. */
  organizationId: string | null;
}

export interface AccessClaims {
  userId: string;
  sessionId: string;
}

export interface AccessTokens {
  sign(subject: TokenSubject): Promise<string>;
  /** The claims of a token of ours that is still good; undefined for anything else. */
  verify(token: string): Promise<AccessClaims | undefined>;
  /** Public keys, as RFC 7517 has them. */
  publicKeys(): Promise<Record<string, unknown>[]>;
}

interface SigningKey {
  id: string;
  publicKey: CryptoKey;
  publicJwk: Record<string, unknown>;
  privateKey: CryptoKey;
}

type KeyPlatform = Pick<Platform, 'config' | 'database' | 'clocks' | 'sealer'>;

/** Makes the first signing key when the first token is asked for. */
export function createAccessTokens(platform: KeyPlatform): AccessTokens {
  const { config, clocks } = platform;
  const names = { issuer: config.publicUrl, audience: config.publicUrl };
  let loaded: Promise<SigningKey[]> | undefined;
  const keys = (): Promise<SigningKey[]> => {
    loaded ??= loadKeys(platform).catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  return {
    async sign({ userId, sessionId, organizationId }) {
      const [current] = await keys();
      invariant(current, 'there is a current signing key');
      const now = Math.floor(clocks.wall().getTime() / 1000);
      return new SignJWT({ sid: sessionId, organization: organizationId })
        .setProtectedHeader({ alg: algorithm, kid: current.id, typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(names.issuer)
        .setAudience(names.audience)
        .setIssuedAt(now)
        .setExpirationTime(now + accessTokenSeconds)
        .sign(current.privateKey);
    },
    async verify(token) {
      const known = await keys();
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = known.find(({ id }) => id === kid);
            if (!key) throw new UnknownKey();
            return key.publicKey;
          },
          { ...names, algorithms: [algorithm], typ: 'at+jwt', currentDate: clocks.wall() },
        );
        const { sub, sid } = payload;
        if (sub === undefined || typeof sid !== 'string') return undefined;
        return { userId: sub, sessionId: sid };
      } catch (error) {
        if (isBadToken(error)) return undefined;
        throw error;
      }
    },
    async publicKeys() {
      return (await keys()).map(({ id, publicJwk }) => ({
        ...publicJwk,
        kid: id,
        alg: algorithm,
        use: 'sig',
      }));
    },
  };
}

class UnknownKey extends Error {}

/** The library names what is wrong with a token by a code; anything else is not about the token. */
function isBadToken(error: unknown): boolean {
  if (error instanceof UnknownKey) return true;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^ERR_(JWT|JWS|JOSE)_/.test(code);
}

async function loadKeys(platform: KeyPlatform): Promise<SigningKey[]> {
  const found = await findSigningKeys(platform.database);
  if (found[0]?.isCurrent) return Promise.all(found.map((row) => importRow(platform, row)));
  await makeKey(platform);
  const made = await findSigningKeys(platform.database);
  return Promise.all(made.map((row) => importRow(platform, row)));
}

async function makeKey({ database, clocks, sealer }: KeyPlatform): Promise<void> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  const createdAt = clocks.wall();
  const id = newId('jwk', createdAt);
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
  await insertSigningKey(database, {
    id,
    publicJwk: { ...(await exportJWK(pair.publicKey)) },
    sealedPrivateKey: sealer.seal(privateJwk, signingKeyPurpose(id)),
    createdAt,
  });
}

async function importRow({ sealer }: KeyPlatform, row: SigningKeyRow): Promise<SigningKey> {
  const privateJwk = JSON.parse(
    sealer.open(row.sealedPrivateKey, signingKeyPurpose(row.id)),
  ) as JWK;
  return {
    id: row.id,
    publicJwk: row.publicJwk,
    publicKey: (await importJWK(row.publicJwk as JWK, algorithm)) as CryptoKey,
    privateKey: (await importJWK(privateJwk, algorithm)) as CryptoKey,
  };
}

export function signingKeyPurpose(id: string): string {
  return `identity:signing-key:${id}`;
}
