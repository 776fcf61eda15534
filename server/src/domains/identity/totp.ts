/** Codes of an authenticator app: six digits of every 30 seconds. https://www.rfc-editor.org/rfc/rfc6238 */
import { Secret, TOTP } from 'otpauth';

const secretBytes = 20;
const stepSeconds = 30;
/** Clocks of phones differ: the code before and the code after are taken, too. */
const stepsAround = 1;

/** A fresh secret, as apps write it. */
export function newTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** What an authenticator app reads from the picture. */
export function totpUrl(secret: string, names: { issuer: string; account: string }): string {
  return generator(secret, { issuer: names.issuer, label: names.account }).toString();
}

/** The step whose code it is; undefined for any other code. Takes as long whatever differs. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime();
  const delta = generator(secret).validate({ token: code, timestamp, window: stepsAround });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / stepSeconds) + delta;
}

/** The code of an instant, as an authenticator shows it. */
export function codeAt(secret: string, at: Date): string {
  return generator(secret).generate({ timestamp: at.getTime() });
}

function generator(secret: string, names: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({
    ...names,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: stepSeconds,
  });
}
