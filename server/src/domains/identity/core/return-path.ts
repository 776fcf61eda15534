/** Where a person goes on to after signing in: a page of ours, whatever a link has asked for. */

const home = '/dashboard';

/** The path, or the dashboard for whatever leads elsewhere. */
export function returnPathOf(wanted: string | undefined, publicUrl: string): string {
  // Browsers read a backslash as a slash and leave control characters out: "/\evil.example" is another site.
  if (wanted === undefined || !/^\/[^\\\s\p{Cc}]*$/u.test(wanted)) return home;
  if (!URL.canParse(wanted, publicUrl)) return home;
  const url = new URL(wanted, publicUrl);
  if (url.origin !== new URL(publicUrl).origin || url.pathname.startsWith('//')) return home;
  return url.pathname + url.search + url.hash;
}
