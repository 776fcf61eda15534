/** A browser of the tests in front of a server: it keeps the server's cookies and follows nothing by itself. */
import type { FrontDoor } from './front-door.ts';

export interface TestBrowser {
  cookies: Map<string, string>;
  /** Opens a page of ours; answers where it is sent on to. */
  open(url: string): Promise<string>;
  /** Posts a form from another site: without cookies, as browsers do. */
  postFrom(url: string, form: URLSearchParams): Promise<string>;
  /** Calls as our own page does. */
  call: FrontDoor['call'];
}

export function openBrowser(door: FrontDoor): TestBrowser {
  const cookies = new Map<string, string>();
  const call: FrontDoor['call'] = async (method, url, request = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, 'sec-fetch-site': 'same-origin', ...request.headers };
    const answer = await door.call(method, pathOf(url), { ...request, headers });
    for (const { name, value } of answer.cookies) cookies.set(name, value);
    return answer;
  };
  return {
    cookies,
    call,
    async open(url) {
      const answer = await call('GET', url, { headers: { 'sec-fetch-site': 'cross-site' } });
      return String(answer.headers.location ?? answer.status);
    },
    async postFrom(url, form) {
      const answer = await door.call('POST', pathOf(url), {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: 'https://id.example.com',
          'sec-fetch-site': 'cross-site',
        },
        payload: form.toString(),
      });
      for (const { name, value } of answer.cookies) cookies.set(name, value);
      return String(answer.headers.location ?? answer.status);
    },
  };
}

function pathOf(url: string): string {
  return url.startsWith('http') ? url.slice(new URL(url).origin.length) : url;
}

/** Why the sign-in page was shown instead. */
export function refusedWith(location: string): string | null {
  const url = new URL(location, 'https://sluice.example');
  return url.pathname === '/sign-in' ? url.searchParams.get('refused') : null;
}
