/** Who is signed in, and which organization they act for. */
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import {
  chooseOrganization,
  chosenOrganization,
  useChosenOrganization,
} from '../../api/acting-organization.ts';
import { isUnauthenticated } from '../../api/api-error.ts';
import { type Answer, call } from '../../api/call.ts';
import { hintSession, isSessionLikely } from './hint.ts';

export type Me = Answer<'getMe'>;
export type Membership = Me['organizations'][number];

/** Null when nobody is signed in. Where nobody seems to be, the server is not asked; see `askForSession`. */
export const sessionQuery = queryOptions({
  queryKey: ['getMe'],
  queryFn: async ({ client, queryKey, signal }): Promise<Me | null> => {
    // For who was signed in, the refusal itself is the news: the page that is open may need the session.
    if (client.getQueryData(queryKey)) {
      const me = await call('getMe', { signal });
      dropForeignChoice(me);
      return me;
    }
    return isSessionLikely() ? readMe(signal) : null;
  },
  staleTime: 60_000,
});

/** Asks the server in any case: after signing in, and before a page that needs a session is refused. */
export function askForSession(client: QueryClient): Promise<Me | null> {
  return client.fetchQuery({
    ...sessionQuery,
    queryFn: ({ signal }) => readMe(signal),
    staleTime: 0,
  });
}

/** The session has ended: nothing that was read under it is kept. */
export function forgetSession(client: QueryClient): void {
  hintSession(false);
  chooseOrganization(undefined);
  client.setQueryData(sessionQuery.queryKey, null);
  client.removeQueries({ type: 'inactive' });
}

async function readMe(signal: AbortSignal): Promise<Me | null> {
  try {
    const me = await call('getMe', { signal });
    dropForeignChoice(me);
    hintSession(true);
    return me;
  } catch (error) {
    if (!isUnauthenticated(error)) throw error;
    hintSession(false);
    return null;
  }
}

export interface Session {
  user: Me['user'];
  organization: Membership | undefined;
  /** What the person may do on the deployment; empty for a customer. */
  platformPermissions: Me['platform_permissions'];
}

/** The session, or null for a visitor; undefined until it is known. */
export function useVisitor(): Session | null | undefined {
  const { data } = useQuery(sessionQuery);
  const chosen = useChosenOrganization();
  if (!data) return data;
  return {
    user: data.user,
    organization: actingOrganization(data, chosen),
    platformPermissions: data.platform_permissions,
  };
}

/** The organizations that one may act for. */
export function useOrganizations(): readonly Membership[] {
  return useQuery(sessionQuery).data?.organizations ?? [];
}

/** The session on pages that only a signed-in person sees. */
export function useSession(): Session {
  const session = useVisitor();
  if (!session) throw new Error('useSession is for pages behind the sign-in.');
  return session;
}

/** Without a choice of their own, a person acts for their personal organization, as the server does. */
function actingOrganization(me: Me, chosen: string | undefined): Membership | undefined {
  return (
    me.organizations.find(({ id }) => id === chosen) ??
    me.organizations.find(({ personal }) => personal) ??
    me.organizations[0]
  );
}

/** A choice of an organization that one no longer belongs to, or of somebody else in this browser, is none. */
function dropForeignChoice({ organizations }: Me): void {
  const chosen = chosenOrganization();
  if (!organizations.some(({ id }) => id === chosen)) chooseOrganization(undefined);
}
