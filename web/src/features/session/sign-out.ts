import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { paths } from '../../paths.ts';

/** Ends the session on the server, then forgets everything that was read under it. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call('logout', { body: {} });
    await navigate({ to: paths.landing });
    client.clear();
  };
}
