/** Who makes a model, by how its name begins; others have no vendor that we know of. */
export type Vendor = 'openai' | 'anthropic' | 'google';

const beginnings: readonly (readonly [beginning: RegExp, vendor: Vendor])[] = [
  [/^(gpt|chatgpt|codex|o\d|text-|davinci|babbage|whisper|tts|dall-e|omni-)/, 'openai'],
  [/^claude/, 'anthropic'],
  [/^(gemini|gemma|imagen|veo)/, 'google'],
];

export function vendorOf(model: string): Vendor | null {
  return beginnings.find(([beginning]) => beginning.test(model))?.[1] ?? null;
}
