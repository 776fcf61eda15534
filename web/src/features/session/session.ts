/** Who is signed in, and which organization they act for. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { isUnauthenticated } from '../../api/api-error.ts';
import { type Answer, call } from '../../api/call.ts';

export type Me = Answer<'getMe'>;
export type Membership = Me['organizations'][number];

/** Null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['getMe'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await call('getMe', { signal });
    } catch (error) {
      if (isUnauthenticated(error)) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export interface Session {
  user: Me['user'];
  organization: Membership | undefined;
}

/** The session, or null for a visitor; undefined until it is known. */
export function useVisitor(): Session | null | undefined {
  const { data } = useQuery(sessionQuery);
  if (!data) return data;
  return { user: data.user, organization: actingOrganization(data) };
}

/** The session on pages that only a signed-in person sees. */
export function useSession(): Session {
  const session = useVisitor();
  if (!session) throw new Error('useSession is for pages behind the sign-in.');
  return session;
}

/** Without a choice of their own, a person acts for their personal organization, as the server does. */
function actingOrganization(me: Me): Membership | undefined {
  return me.organizations.find((organization) => organization.personal) ?? me.organizations[0];
}
