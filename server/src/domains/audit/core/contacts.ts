/** Mail addresses and phone numbers, shown only as far as one needs to recognize what one knows already. */

/** What may stand before the @: https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3, and letters of any language. */
const mailCharacter = "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]";
const mail = new RegExp(
  `(?<!${mailCharacter}|\\.)(${mailCharacter})((?:${mailCharacter}|\\.){0,127})@([\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,8})`,
  'gu',
);
/** With a country code, or a Chinese mobile number without. */
const phone = /(?<![\d+\w.-])(?:\+\d(?:[ ().-]{0,2}\d){6,14}|1[3-9]\d{9})(?![\w-])/g;

/** `ada@example.com` becomes `a…@example.com`, `+49 30 1234567` becomes `+49…67`. */
export function withoutContacts(text: string): string {
  return text
    .replace(mail, (_all, first: string, _rest: string, domain: string) => `${first}…@${domain}`)
    .replace(phone, (number) => `${number.slice(0, 3)}…${number.slice(-2)}`);
}
