/**
 * Whether a request that changes something was made by our own pages. Browsers attach cookies to what any page sends,
 * so a cookie alone does not say that the person wanted it; these two headers a page cannot forge.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */

export interface RequestOrigin {
  method: string;
  /** `Sec-Fetch-Site`, sent by browsers on HTTPS and localhost. */
  fetchSite: string | undefined;
  /** `Origin`, sent by browsers with whatever is not a plain navigation. */
  origin: string | undefined;
  /** `Host`: pages that are served from it are ours, whatever name the operator gave the service. */
  host: string | undefined;
}

const harmlessMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isOwnRequest(request: RequestOrigin, publicUrl: string): boolean {
  if (harmlessMethods.has(request.method)) return true;
  if (request.fetchSite !== undefined) return request.fetchSite === 'same-origin';
  if (request.origin === undefined) return false;
  if (request.origin === new URL(publicUrl).origin) return true;
  return URL.canParse(request.origin) && new URL(request.origin).host === request.host;
}
