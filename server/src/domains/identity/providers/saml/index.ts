/**
 * A SAML 2.0 identity provider. The library verifies the signature and reads only what it covers; who issued the answer,
 * for whom, and to which of our requests it belongs is checked here, on the signed assertion alone.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf (4.1.4.3)
 */
import { randomBytes } from 'node:crypto';
import type { Profile } from '@node-saml/node-saml';
import type { SamlSettings } from '@sluice/contract/sign-in-providers';
import type {
  IdentityProvider,
  Proof,
  ProvenPerson,
  ReturnAnswer,
  Returned,
} from '../../provider.ts';
import { isConfirmed } from './confirmation.ts';

const clockSkewMs = 60_000;
const anyInstant = '1970-01-01T00:00:00.000Z';
const transientFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

export interface SamlPlace {
  settings: SamlSettings;
  /** Where answers are posted, and who we are. */
  receiveUrl: string;
  entityId: string;
  now: () => Date;
}

export function connectSaml(place: SamlPlace): IdentityProvider {
  return {
    async begin(state) {
      const proof = { requestId: `_${randomBytes(20).toString('hex')}` };
      try {
        const url = await (await openLibrary(place, proof)).getAuthorizeUrlAsync(
          state,
          undefined,
          {},
        );
        return { status: 'begun', url, proof };
      } catch (error) {
        return { status: 'unavailable', problem: problemOf(error) };
      }
    },
    receive: (returned) => receive(place, returned),
    async findProblem() {
      try {
        await (await openLibrary(place, { requestId: '_' })).getAuthorizeUrlAsync(
          '',
          undefined,
          {},
        );
        return undefined;
      } catch (error) {
        return problemOf(error);
      }
    },
  };
}

/** What an identity provider is told about us. */
export async function describeOurselves(
  place: Pick<SamlPlace, 'receiveUrl' | 'entityId'>,
): Promise<string> {
  const { generateServiceProviderMetadata } = await import('@node-saml/node-saml');
  return generateServiceProviderMetadata({
    issuer: place.entityId,
    callbackUrl: place.receiveUrl,
    wantAssertionsSigned: true,
    generateUniqueId: () => '_metadata',
  });
}

async function receive(place: SamlPlace, { proof, form }: Returned): Promise<ReturnAnswer> {
  const answer = form?.get('SAMLResponse') ?? '';
  try {
    const library = await openLibrary(place, proof);
    const { profile } = await library.validatePostResponseAsync({ SAMLResponse: answer });
    if (!profile) return refused('the answer holds no assertion');
    return judge(place, proof, profile);
  } catch (error) {
    return refused(problemOf(error));
  }
}

function judge(place: SamlPlace, proof: Proof, profile: Profile): ReturnAnswer {
  const { settings } = place;
  if (profile.issuer !== settings.entity_id)
    return refused('another provider issued the assertion');
  const expected = {
    recipient: place.receiveUrl,
    requestId: proof.requestId ?? '',
    notBefore: new Date(place.now().getTime() - clockSkewMs),
  };
  if (!isConfirmed(profile.getAssertion?.(), expected)) {
    return refused('the assertion is for another recipient or request');
  }
  if (!profile.nameID) return refused('the assertion names nobody');
  if (profile.nameIDFormat === transientFormat) {
    return refused(
      'the name id changes with each sign-in: have the provider send a persistent one',
    );
  }
  return { status: 'proven', person: personOf(profile, settings) };
}

function personOf(profile: Profile, settings: SamlSettings): ProvenPerson {
  const attributes = (profile.attributes ?? {}) as Readonly<Record<string, unknown>>;
  const [name] = listOf(attributes[settings.name_attribute]);
  const [email] = listOf(
    settings.mail_attribute === '' ? profile.nameID : attributes[settings.mail_attribute],
  );
  return {
    subject: `${settings.entity_id}|${profile.nameID}`,
    email: email?.includes('@') ? email : null,
    // Whoever set the provider up vouches for its addresses, an organization for those of its own domains.
    isEmailVerified: true,
    name: name ?? null,
    groups: listOf(attributes[settings.groups_attribute]),
    hasSecondFactor: false,
  };
}

function listOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string' && each !== '');
}

function refused(problem: string): ReturnAnswer {
  return { status: 'refused', problem };
}

/** The library for one request: the only one that its answer may name. */
async function openLibrary({ settings, receiveUrl, entityId }: SamlPlace, proof: Proof) {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
  const { requestId = '' } = proof;
  return new SAML({
    issuer: entityId,
    audience: entityId,
    callbackUrl: receiveUrl,
    entryPoint: settings.sign_in_url,
    idpCert: settings.certificate,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    acceptedClockSkewMs: clockSkewMs,
    signatureAlgorithm: 'sha256',
    validateInResponseTo: ValidateInResponseTo.always,
    // How old a request may be is the flow's to know; the library is told which one it is.
    requestIdExpirationPeriodMs: Number.POSITIVE_INFINITY,
    generateUniqueId: () => requestId,
    cacheProvider: {
      saveAsync: async () => null,
      getAsync: async (id) => (id === requestId ? anyInstant : null),
      removeAsync: async () => null,
    },
  });
}

function problemOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `The provider’s answer or settings are not valid (${said.slice(0, 200)}).`;
}
