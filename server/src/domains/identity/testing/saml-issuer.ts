/**
 * A SAML identity provider of the tests: it writes assertions in canonical form, so that what is signed is the text as it
 * stands, and a test can twist every part of an answer.
 */
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const names = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
};
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

/** Now, for all that one file of tests signs: what is signed and what is sent are written apart. */
const startedAt = new Date();

export interface Assertion {
  issuer: string;
  audience: string;
  recipient: string;
  requestId: string;
  nameId: string;
  nameIdFormat?: string;
  attributes?: Readonly<Record<string, readonly string[]>>;
  id?: string;
  at?: Date;
  lastsMs?: number;
}

export interface Keys {
  privateKey: string;
  publicKey: string;
}

export function newKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKey, publicKey };
}

/** An assertion without a signature; `signature` goes behind the issuer, where the schema has it. */
export function writeAssertion(assertion: Assertion, signature = ''): string {
  const at = assertion.at ?? startedAt;
  const until = new Date(at.getTime() + (assertion.lastsMs ?? 300_000)).toISOString();
  const attributes = Object.entries(assertion.attributes ?? {}).map(
    ([name, values]) =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  );
  return [
    `<saml:Assertion xmlns:saml="${names.assertion}" ID="${idOf(assertion)}" IssueInstant="${at.toISOString()}" Version="2.0">`,
    `<saml:Issuer>${assertion.issuer}</saml:Issuer>${signature}`,
    `<saml:Subject><saml:NameID Format="${assertion.nameIdFormat ?? persistent}">${assertion.nameId}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="${bearer}"><saml:SubjectConfirmationData InResponseTo="${assertion.requestId}" NotOnOrAfter="${until}" Recipient="${assertion.recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${at.toISOString()}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${assertion.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${at.toISOString()}" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    ...(attributes.length > 0
      ? [`<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`]
      : []),
    '</saml:Assertion>',
  ].join('');
}

/** Signs the text of an assertion; the signature is for its id. */
export function signatureOf(assertion: Assertion, keys: Keys): string {
  // A comment is no part of what is signed: canonical form leaves it out.
  const text = writeAssertion(assertion).replace(/<!--.*?-->/g, '');
  const digest = createHash('sha256').update(text).digest('base64');
  const body = [
    `<ds:CanonicalizationMethod Algorithm="${exclusive}"></ds:CanonicalizationMethod>`,
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>',
    `<ds:Reference URI="#${idOf(assertion)}"><ds:Transforms><ds:Transform Algorithm="${names.signature}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${exclusive}"></ds:Transform></ds:Transforms>`,
    `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
  ].join('');
  const canonical = `<ds:SignedInfo xmlns:ds="${names.signature}">${body}`;
  const value = createSign('sha256').update(canonical).sign(keys.privateKey, 'base64');
  return `<ds:Signature xmlns:ds="${names.signature}"><ds:SignedInfo>${body}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
}

export function signedAssertion(assertion: Assertion, keys: Keys): string {
  return writeAssertion(assertion, signatureOf(assertion, keys));
}

/** The whole answer around one or several assertions, as it is posted. */
export function answerOf(
  assertions: string,
  about: Pick<Assertion, 'requestId' | 'recipient' | 'issuer'>,
): string {
  const at = new Date().toISOString();
  const response = [
    `<samlp:Response xmlns:samlp="${names.protocol}" xmlns:saml="${names.assertion}" Destination="${about.recipient}" ID="_${randomBytes(8).toString('hex')}" InResponseTo="${about.requestId}" IssueInstant="${at}" Version="2.0">`,
    `<saml:Issuer>${about.issuer}</saml:Issuer>`,
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>',
    `${assertions}</samlp:Response>`,
  ].join('');
  return Buffer.from(response).toString('base64');
}

function idOf(assertion: Assertion): string {
  return assertion.id ?? '_assertion';
}
