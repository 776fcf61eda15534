/** A mail as it arrived, and the addresses a reader may open from it. */
export interface Mail {
  id: string;
  from: string;
  /** The header's recipients, or the envelope's where the header names none. */
  to: string;
  /** Whom it was delivered to, in lower case: what `?to=` looks for. */
  recipients: string[];
  subject: string;
  text: string;
  html: string | null;
  links: string[];
  received_at: string;
}

/** Every http and https address of the text and the HTML part, in order, once each. */
export function findLinks(text: string, html: string | null): string[] {
  const found = [...(text.match(ADDRESS) ?? []), ...linksOfHtml(html ?? '')];
  return [...new Set(found.map(trimPunctuation))];
}

/** Stops at quotes, brackets and at full-width signs, which follow an address without a space in Chinese. */
const ADDRESS = /https?:\/\/[^\s<>"'`()[\]{}\u3000-\u303f\uff00-\uffef]+/g;

function linksOfHtml(html: string): string[] {
  return (html.match(ADDRESS) ?? []).map((address) =>
    address.replace(/&(amp|#38|#x26);/gi, '&').replace(/&(quot|#34|lt|gt|#39);.*$/i, ''),
  );
}

function trimPunctuation(address: string): string {
  return address.replace(/[.,;:!?]+$/, '');
}
