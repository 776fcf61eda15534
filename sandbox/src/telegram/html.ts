/** A message's HTML as the app shows it: https://core.telegram.org/bots/api#html-style */
export interface ReadText {
  text: string;
  links: string[];
}

const tags = new Set(['b', 'strong', 'i', 'em', 'u', 's', 'code', 'pre', 'a']);

export function readHtml(html: string): ReadText {
  const links = [...html.matchAll(/<a href="([^"]*)">/g)].map((found) => decode(found[1] ?? ''));
  return { text: decode(html.replace(/<[^>]*>/g, '')), links };
}

/** Whether every tag is known, closed in order, and every other `<` and `&` written as an entity. */
export function isWellFormed(html: string): boolean {
  const open: string[] = [];
  const rest = html.replace(/<(\/?)(\w+)(?: href="[^"<>]*")?>/g, (_all, slash, tag: string) => {
    if (!tags.has(tag)) return '<';
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) return '<';
    return '';
  });
  return open.length === 0 && !/[<>]/.test(rest) && !/&(?!(?:lt|gt|amp|quot);)/.test(rest);
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

function decode(text: string): string {
  return text.replace(/&(lt|gt|amp|quot);/g, (_all, name: string) => entities[name] ?? '');
}
