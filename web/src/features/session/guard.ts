/** What a route asks before it opens. */
import type { QueryClient } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { paths } from '../../paths.ts';
import { sessionQuery } from './session.ts';

interface GuardArguments {
  context: { queryClient: QueryClient };
  location: { href: string };
}

/** Sends a visitor to the sign-in page, which brings them back. */
export async function requireSession({ context, location }: GuardArguments): Promise<void> {
  const me = await context.queryClient.ensureQueryData(sessionQuery);
  if (!me) throw redirect({ to: paths.signIn, search: { next: location.href } });
}
