/** Invite codes: eight letters and digits that are not mistaken for each other, read in any case. */
export const codeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const codeLength = 8;

/** 40 random bits as a code; `bytes` are random. */
export function codeOf(bytes: Uint8Array): string {
  return Array.from(bytes.slice(0, codeLength), (byte) => codeAlphabet[byte % 32]).join('');
}

/** The code as it is kept; undefined for what cannot be one. */
export function readCode(typed: string): string | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  return /^[A-HJ-NP-Z2-9]{8}$/.test(code) ? code : undefined;
}

/** A mail address that its owner knows again and nobody else learns: `a•••@e•••.com`. */
export function maskEmail(email: string): string {
  const [name = '', host = ''] = email.split('@');
  const end = host.lastIndexOf('.');
  const [domain, top] = end > 0 ? [host.slice(0, end), host.slice(end)] : [host, ''];
  const mask = (text: string) => `${[...text][0] ?? ''}•••`;
  return `${mask(name)}@${mask(domain)}${top}`;
}
