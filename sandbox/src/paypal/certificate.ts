/** Writes X.509 certificates, which Node can read but not make: DER by hand, as RFC 5280 says. */
import { type KeyObject, randomBytes, sign } from 'node:crypto';

export interface CertificateRequest {
  commonName: string;
  issuer: string;
  publicKey: KeyObject;
  /** Of the issuer, who may be the subject. */
  issuerKey: KeyObject;
  isAuthority: boolean;
  from: Date;
  to: Date;
}

export function writeCertificate(request: CertificateRequest): string {
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    sha256WithRsa,
    name(request.issuer),
    sequence(time(request.from), time(request.to)),
    name(request.commonName),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(basicConstraints(request.isAuthority), keyUsage(request.isAuthority))),
  );
  const signature = sign('sha256', body, request.issuerKey);
  const der = sequence(body, sha256WithRsa, bits(signature, 0));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function element(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function sequence(...contents: Buffer[]): Buffer {
  return element(0x30, ...contents);
}

function tagged(tag: number, content: Buffer): Buffer {
  return element(0xa0 | tag, content);
}

/** The first byte is below 0x80, so that it is not read as negative. */
function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

function bits(bytes: Buffer, unused: number): Buffer {
  return element(0x03, Buffer.from([unused]), bytes);
}

function objectId(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'));
}

/** 1.2.840.113549.1.1.11 */
const sha256WithRsa = sequence(objectId('2a864886f70d01010b'), element(0x05));

function name(commonName: string): Buffer {
  const text = element(0x0c, Buffer.from(commonName, 'utf8'));
  return sequence(element(0x31, sequence(objectId('550403'), text)));
}

/** UTCTime, which serves until 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\D/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

const TRUE = element(0x01, Buffer.from([0xff]));

function basicConstraints(isAuthority: boolean): Buffer {
  const value = isAuthority ? sequence(TRUE) : sequence();
  return sequence(objectId('551d13'), TRUE, element(0x04, value));
}

/** An authority signs certificates, anybody else signs texts. */
function keyUsage(isAuthority: boolean): Buffer {
  const usage = isAuthority ? bits(Buffer.from([0x04]), 2) : bits(Buffer.from([0x80]), 7);
  return sequence(objectId('551d0f'), TRUE, element(0x04, usage));
}
