/** This model's token is four bytes of UTF-8, never cutting a character: simple enough to recompute by hand. Pure. */
const TOKEN_BYTES = 4;

export function countTokens(bytes: number): number {
  return Math.ceil(bytes / TOKEN_BYTES);
}

/** Cuts a text into its tokens; the first k of them always hold exactly k tokens' worth of bytes, rounded up. */
export function splitTokens(text: string): string[] {
  const tokens: string[] = [];
  let token = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > (tokens.length + 1) * TOKEN_BYTES) {
      tokens.push(token);
      token = '';
    }
    token += character;
    bytes += size;
  }
  if (token !== '') tokens.push(token);
  return tokens;
}
