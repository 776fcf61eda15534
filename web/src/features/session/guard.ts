/** What a route asks before it opens. */
import type { QueryClient } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { paths } from '../../paths.ts';
import { askForSession, sessionQuery } from './session.ts';

interface GuardArguments {
  context: { queryClient: QueryClient };
  location: { href: string };
  /** The page is only fetched ahead, because a link to it is pointed at. */
  preload: boolean;
}

/** Sends a visitor to the sign-in page, which brings them back. */
export async function requireSession({
  context,
  location,
  preload,
}: GuardArguments): Promise<void> {
  const known = await context.queryClient.ensureQueryData(sessionQuery);
  const me = known || preload ? known : await askForSession(context.queryClient);
  if (!me) throw redirect({ to: paths.signIn, search: { next: location.href } });
}

/** Lets everyone in, and knows who they are before the page is drawn. */
export async function knowSession({ context }: Pick<GuardArguments, 'context'>): Promise<void> {
  await context.queryClient.ensureQueryData(sessionQuery);
}
