import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { paths } from '../../paths.ts';
import { forgetSession } from './session.ts';

/** Ends the session on the server, then forgets everything that was read under it. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call('logout', { body: {} });
    // First away from the pages that need a session, then without one.
    await navigate({ to: paths.landing });
    forgetSession(client);
  };
}
