/** Checks access tokens of people who signed in at Sluice, without asking Sluice for each: its public keys are kept. */
import { SluiceError, SluiceUnavailableError } from './errors.ts';
import { operations } from './wire.ts';

export interface TokenVerifierOptions {
  baseUrl: string;
  /** The deployment's public URL, where your service reaches it by another one. */
  issuer?: string;
  fetch?: typeof globalThis.fetch;
  timeoutMs?: number;
  now?: () => number;
}

export interface AccessClaims {
  /** Id of the person. */
  sub: string;
  /** Id of the session. */
  sid: string;
  iss: string;
  iat: number;
  exp: number;
}

/** The token is forged, expired, or another deployment's. */
export class TokenInvalidError extends SluiceError {
  override readonly name = 'TokenInvalidError';
}

type PublicKeys = Map<string, CryptoKey>;
type VerifyToken = (token: string) => Promise<AccessClaims>;

/** A new key is found at once, but an invented one cannot make us ask again and again. */
const refetchAfterMs = 30_000;
const keptMs = 600_000;
const clockSkewSeconds = 5;

/**
 * A function that answers the claims of a good token.
 * It throws `TokenInvalidError`, or `SluiceUnavailableError` where the keys were never had.
 */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyToken {
  const now = options.now ?? Date.now;
  const issuer = (options.issuer ?? options.baseUrl).replace(/\/+$/, '');
  const keyOf = createKeySource(options, now);
  return async (token) => {
    const [head = '', payload = '', signature = '', ...more] = token.split('.');
    const header = json(head);
    // Only what Sluice signs with: the header is the sender's own word and may not choose.
    const isOurs = header?.alg === 'EdDSA' && header.typ === 'at+jwt' && more.length === 0;
    const key = isOurs ? await keyOf(String(header.kid)) : undefined;
    const signed = new TextEncoder().encode(`${head}.${payload}`);
    const bytes = decoded(signature);
    if (!key || !bytes || !(await crypto.subtle.verify('Ed25519', key, bytes, signed))) {
      throw new TokenInvalidError('token_invalid', 'The access token is not one of this Sluice.');
    }
    return checkClaims(json(payload), issuer, now() / 1000);
  };
}

function checkClaims(
  claims: Record<string, unknown> | undefined,
  issuer: string,
  nowSeconds: number,
): AccessClaims {
  const { iss, aud, exp, sub, sid } = claims ?? {};
  const isFor = iss === issuer && [aud].flat().includes(issuer);
  const isWhole = typeof sub === 'string' && typeof sid === 'string';
  if (!isFor || !isWhole || typeof exp !== 'number') {
    throw new TokenInvalidError('token_invalid', 'The access token is for another deployment.');
  }
  if (exp + clockSkewSeconds <= nowSeconds) {
    throw new TokenInvalidError('token_invalid', 'The access token has expired: refresh it.');
  }
  return claims as unknown as AccessClaims;
}

/** Keys by their id, kept for ten minutes; old ones serve on while new ones cannot be had. */
function createKeySource(
  options: TokenVerifierOptions,
  now: () => number,
): (id: string) => Promise<CryptoKey | undefined> {
  let keys: PublicKeys | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    askedAt = now();
    try {
      keys = await fetchKeys(options);
    } catch (error) {
      if (!keys) {
        askedAt = Number.NEGATIVE_INFINITY;
        throw error;
      }
    } finally {
      asking = undefined;
    }
  };
  return async (id) => {
    const ageMs = now() - askedAt;
    if (!keys || ageMs > keptMs || (!keys.has(id) && ageMs > refetchAfterMs)) {
      asking ??= ask();
      await asking;
    }
    return keys?.get(id);
  };
}

async function fetchKeys(options: TokenVerifierOptions): Promise<PublicKeys> {
  const { baseUrl, fetch = globalThis.fetch, timeoutMs = 5_000 } = options;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const address = baseUrl.replace(/\/+$/, '') + operations.getJwks[1];
    const response = await fetch(address, { signal: abort.signal });
    const { keys } = (await response.json()) as { keys: (JsonWebKey & { kid: string })[] };
    const ours = keys.filter(({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519');
    const imported = ours.map(async (jwk) => {
      const key = { kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '' };
      return [jwk.kid, await crypto.subtle.importKey('jwk', key, 'Ed25519', false, ['verify'])];
    });
    return new Map((await Promise.all(imported)) as [string, CryptoKey][]);
  } catch (cause) {
    throw new SluiceUnavailableError('unavailable', `There are no public keys at ${baseUrl}.`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

function json(part: string): Record<string, unknown> | undefined {
  const bytes = decoded(part);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function decoded(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/');
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
