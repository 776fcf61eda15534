const shownLength = 'sk-'.length + 8;

/** A pasted key's secret goes into no address: what is shown of it finds it as well. */
export function withoutSecret(text: string): string {
  return text.startsWith('sk-') ? text.slice(0, shownLength) : text;
}
