/** Secrets that are told by how they look, whatever the field is called. All patterns are linear in the text. */

export const mask = '[masked]';

/** What no letter, digit or dash stands before begins a word of its own. */
const start = '(?<![A-Za-z0-9_-])';

const shapes: readonly RegExp[] = [
  // A key in PEM, to its end or to the end of the text.
  /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g,
  // The whole link that a second factor is set up with.
  /otpauth:\/\/[^\s"'<>]*/gi,
  // A JSON Web Token, signed or not.
  new RegExp(`${start}eyJ[\\w-]{5,}\\.[\\w-]+(?:\\.[\\w-]*)*`, 'g'),
  // Our own keys and tokens, and those of well-known services.
  new RegExp(
    `${start}(?:sk|ak|pk|rk|rt|srt|whsec|ghp|gho|ghs|glpat|xox[abprs])[-_](?=[\\w-]*\\d|[\\w-]*[A-Z])[\\w-]{16,}`,
    'g',
  ),
  new RegExp(`${start}(?:AIza[\\w-]{30,}|(?:AKIA|ASIA)[A-Z0-9]{16})`, 'g'),
];

/** What stands before a secret and stays. */
const introduced: readonly RegExp[] = [
  /\b((?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi,
  /(:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,200}(?=@)/g,
  /([?&#;](?:[\w-]{0,40}(?:token|secret|password|passwd|signature|api[_-]?key)|key|sign|code|sig)=)[^\s&#"'<>]+/gi,
];

const digitRun = /(?<![\dA-Za-z_-])\d(?:[ -]?\d){12,18}(?![\dA-Za-z_-])/g;

/** The text without the secrets in it. */
export function withoutSecrets(text: string): string {
  if (text.length < secretLengthMin) return text;
  let result = text;
  for (const shape of shapes) result = result.replace(shape, mask);
  for (const shape of introduced) result = result.replace(shape, `$1${mask}`);
  return result.replace(digitRun, (run) => {
    const digits = run.replace(/\D/g, '');
    return isCardNumber(digits) ? `[card …${digits.slice(-4)}]` : run;
  });
}

const secretLengthMin = 8;

/** Beginnings and lengths of the card schemes: a number of an order is not one by chance. */
const schemes = new RegExp(
  [
    '^4(?:\\d{12}|\\d{15}|\\d{18})$',
    '^5[1-5]\\d{14}$',
    '^2(?:22[1-9]|2[3-9]\\d|[3-6]\\d\\d|7[01]\\d|720)\\d{12}$',
    '^3[47]\\d{13}$',
    '^3(?:0[0-5]|[68]\\d)\\d{11}$',
    '^35(?:2[89]|[3-8]\\d)\\d{12,15}$',
    '^6(?:011|5\\d\\d|4[4-9]\\d)\\d{12,15}$',
    '^62\\d{14,17}$',
  ].join('|'),
);

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
export function isCardNumber(digits: string): boolean {
  if (!schemes.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
