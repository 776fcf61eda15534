/** Text as PayPal takes it from us: on one line, and no longer than it allows. */
export function oneLine(text: string, lengthMax: number): string {
  // Signs that nobody sees would count, or be refused.
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return [...plain].slice(0, lengthMax).join('');
}
