/**
 * An OpenID Connect provider: authorization code with PKCE, state and nonce. The library verifies the ID token, its
 * signature included, and who answered (RFC 9207); each provider has an address of its own to come back to.
 */
import type { OidcSettings } from '@sluice/contract/sign-in-providers';
import type { Configuration } from 'openid-client';
import type { IdentityProvider, ProvenPerson, ReturnAnswer, Returned } from '../../provider.ts';
import { mayBePrivate, type Reach, reachingFetch, timeoutMs, Unreachable } from './reach.ts';

type Library = typeof import('openid-client');

export interface OidcPlace {
  settings: OidcSettings;
  clientSecret: string;
  redirectUrl: string;
  reach: Reach;
}

export function connectOidc(place: OidcPlace): IdentityProvider {
  return {
    async begin(state) {
      try {
        const { library, configuration } = await discover(place);
        const proof = {
          nonce: library.randomNonce(),
          verifier: library.randomPKCECodeVerifier(),
        };
        const url = library.buildAuthorizationUrl(configuration, {
          redirect_uri: place.redirectUrl,
          scope: [...new Set(['openid', ...place.settings.scopes])].join(' '),
          state,
          nonce: proof.nonce,
          code_challenge: await library.calculatePKCECodeChallenge(proof.verifier),
          code_challenge_method: 'S256',
        });
        return { status: 'begun', url: url.href, proof };
      } catch (error) {
        return { status: 'unavailable', problem: problemOf(error) };
      }
    },
    receive: (returned) => receive(place, returned),
    async findProblem() {
      try {
        await discover({ ...place });
        return undefined;
      } catch (error) {
        return problemOf(error);
      }
    },
  };
}

async function receive(place: OidcPlace, { state, proof, url }: Returned): Promise<ReturnAnswer> {
  try {
    const { library, configuration } = await discover(place);
    const tokens = await library.authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: proof.nonce ?? '',
      pkceCodeVerifier: proof.verifier ?? '',
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) return { status: 'refused', problem: 'the answer holds no ID token' };
    const more =
      claims.email === undefined && configuration.serverMetadata().userinfo_endpoint
        ? await library.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {};
    return { status: 'proven', person: personOf({ ...more, ...claims }, place.settings) };
  } catch (error) {
    const status = isUnreachable(error) ? 'unavailable' : 'refused';
    return { status, problem: problemOf(error) };
  }
}

function personOf(
  claims: Readonly<Record<string, unknown>> & { iss: string; sub: string },
  settings: OidcSettings,
): ProvenPerson {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const methods = listOf(claims.amr);
  return {
    // Another issuer's people are others, even where the settings come to name it.
    subject: `${claims.iss}|${claims.sub}`,
    email: text(claims.email),
    isEmailVerified: claims.email_verified === true || claims.email_verified === 'true',
    name: text(claims.name),
    groups: listOf(claims[settings.groups_claim]),
    hasSecondFactor: methods.includes('mfa'),
  };
}

function listOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}

interface Discovered {
  library: Library;
  configuration: Configuration;
}

const knownMs = 10 * 60_000;
const knownMax = 200;
const known = new Map<string, { discovered: Promise<Discovered>; at: number }>();

/** What a provider says about itself, kept a while; its keys are read anew when one is missing. */
async function discover(place: OidcPlace): Promise<Discovered> {
  const name = JSON.stringify([
    place.settings.issuer,
    place.settings.client_id,
    place.settings.client_auth,
    place.clientSecret,
    place.reach,
  ]);
  const old = known.get(name);
  if (old && performance.now() - old.at < knownMs) return old.discovered;
  if (known.size >= knownMax) known.clear();
  const discovered = askIssuer(place);
  known.set(name, { discovered, at: performance.now() });
  discovered.catch(() => known.delete(name));
  return discovered;
}

async function askIssuer({ settings, clientSecret, reach }: OidcPlace): Promise<Discovered> {
  const library = await import('openid-client');
  const configuration = await library.discovery(
    new URL(settings.issuer),
    settings.client_id,
    undefined,
    authenticationOf(library, settings, clientSecret),
    {
      timeout: timeoutMs / 1000,
      [library.customFetch]: reachingFetch(reach) as never,
      execute: [
        library.enableNonRepudiationChecks,
        ...(mayBePrivate(reach) ? [library.allowInsecureRequests] : []),
      ],
    },
  );
  return { library, configuration };
}

function authenticationOf(library: Library, settings: OidcSettings, clientSecret: string) {
  if (clientSecret === '') return library.None();
  return settings.client_auth === 'client_secret_post'
    ? library.ClientSecretPost(clientSecret)
    : library.ClientSecretBasic(clientSecret);
}

function isUnreachable(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof Unreachable) return true;
  }
  return false;
}

/** For an operator: the library's words hold no secret. */
function problemOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof Unreachable) return `The provider cannot be reached (${each.message}).`;
  }
  const said = error instanceof Error ? error.message : String(error);
  return `The provider’s answer is not valid (${said.slice(0, 200)}).`;
}
