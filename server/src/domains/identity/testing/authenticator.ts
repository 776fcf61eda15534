/**
 * A passkey in software, for tests: makes keys and signs as the standard says, and lies where a test wants it to.
 * https://www.w3.org/TR/webauthn-3/#sctn-authenticator-model
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface SoftPasskey {
  id: string;
  privateKey: KeyObject;
  /** What the options of its making called the person. */
  userHandle: string;
  counter: number;
}

/** Where the browser believes to be, and what the authenticator says of itself. */
export interface Lies {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  isUserVerified?: boolean;
  counter?: number;
  userHandle?: string;
  /** A credential’s id that is taken for the new one. */
  id?: string;
}

const flags = { present: 0x01, verified: 0x04, attested: 0x40 };

interface CreationOptions {
  challenge: string;
  rp: { id: string };
  user: { id: string };
}

/** Makes a passkey from a server's options, as `navigator.credentials.create` answers. */
export function createCredential(options: CreationOptions, origin: string, lies: Lies = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = lies.id === undefined ? randomBytes(32) : Buffer.from(lies.id, 'base64url');
  const { x, y } = publicKey.export({ format: 'jwk' });
  const passkey: SoftPasskey = {
    id: id.toString('base64url'),
    privateKey,
    userHandle: options.user.id,
    counter: 0,
  };
  const idLength = Buffer.alloc(2);
  idLength.writeUInt16BE(id.length);
  const authData = Buffer.concat([
    authenticatorData(lies.rpId ?? options.rp.id, {
      flags: flagsOf(lies) | flags.attested,
      counter: 0,
    }),
    Buffer.alloc(16),
    idLength,
    id,
    coseKey(Buffer.from(x ?? '', 'base64url'), Buffer.from(y ?? '', 'base64url')),
  ]);
  const credential = {
    id: passkey.id,
    rawId: passkey.id,
    type: 'public-key' as const,
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: {
      clientDataJSON: clientData('webauthn.create', options.challenge, { origin, ...lies }),
      attestationObject: cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(authData)],
      ]).toString('base64url'),
      transports: ['internal'],
    },
  };
  return { passkey, credential };
}

interface RequestOptions {
  challenge: string;
  rpId: string;
}

/** Signs a server's challenge, as `navigator.credentials.get` answers; each time it counts on. */
export function signChallenge(
  passkey: SoftPasskey,
  options: RequestOptions,
  { origin, lies = {} }: { origin: string; lies?: Lies },
) {
  passkey.counter += 1;
  const data = authenticatorData(lies.rpId ?? options.rpId, {
    flags: flagsOf(lies),
    counter: lies.counter ?? passkey.counter,
  });
  const clientDataJSON = clientData('webauthn.get', options.challenge, { origin, ...lies });
  const signed = Buffer.concat([data, digest(Buffer.from(clientDataJSON, 'base64url'))]);
  return {
    id: passkey.id,
    rawId: passkey.id,
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON,
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, passkey.privateKey).toString('base64url'),
      userHandle: lies.userHandle ?? passkey.userHandle,
    },
  };
}

function flagsOf({ isUserVerified = true }: Lies): number {
  return flags.present | (isUserVerified ? flags.verified : 0);
}

function authenticatorData(rpId: string, said: { flags: number; counter: number }): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(said.counter);
  return Buffer.concat([digest(Buffer.from(rpId)), Buffer.from([said.flags]), counter]);
}

function clientData(type: string, challenge: string, lies: Lies): string {
  const said = { type, challenge, crossOrigin: false };
  const { origin } = lies;
  return Buffer.from(
    JSON.stringify({
      ...said,
      origin,
      ...(lies.type === undefined ? {} : { type: lies.type }),
      ...(lies.challenge === undefined ? {} : { challenge: lies.challenge }),
    }),
  ).toString('base64url');
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A P-256 key for ES256, as COSE writes it: https://www.rfc-editor.org/rfc/rfc9053#section-7.1.1 */
function coseKey(x: Buffer, y: Buffer): Buffer {
  return cborMap([
    [cborInteger(1), cborInteger(2)],
    [cborInteger(3), cborInteger(-7)],
    [cborInteger(-1), cborInteger(1)],
    [cborInteger(-2), cborBytes(x)],
    [cborInteger(-3), cborBytes(y)],
  ]);
}

/** As much of CBOR as a passkey needs: https://www.rfc-editor.org/rfc/rfc8949 */
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

function cborInteger(value: number): Buffer {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([cborHead(3, bytes.length), bytes]);
}

function cborMap(entries: readonly [Buffer, Buffer][]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
