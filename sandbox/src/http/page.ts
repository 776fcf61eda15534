/** The frame of every page a person sees here: one stylesheet, two languages, no script. */
import type { Exchange } from './exchange.ts';

export type Locale = 'en' | 'zh-CN';

/** `?lang=` wins over what the browser prefers. */
export function pickLocale(exchange: Exchange): Locale {
  const wanted = exchange.query.get('lang') ?? exchange.request.headers['accept-language'] ?? '';
  return wanted.trim().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function wantsHtml(exchange: Exchange): boolean {
  return (exchange.request.headers.accept ?? '').includes('text/html');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export interface Page {
  locale: Locale;
  title: string;
  /** HTML, with everything that came from outside already escaped. */
  body: string;
}

export function renderPage({ locale, title, body }: Page): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox/style.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
