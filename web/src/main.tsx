import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { ApiError, isUnauthenticated } from './api/api-error.ts';
import { onSignedOutElsewhere } from './features/session/hint.ts';
import { forgetSession, sessionQuery } from './features/session/session.ts';
import { paths } from './paths.ts';
import { createAppRouter } from './routes.tsx';
import 'antd/dist/reset.css';
import './ui/base.css';
import './ui/data-table.css';
import './ui/parts.css';
import './layouts/layouts.css';

const retriesMax = 2;

const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; only what may have been bad luck is asked again.
      retry: (failures, error) => failures < retriesMax && isBadLuck(error),
    },
  },
});
const router = createAppRouter(queryClient);
let isLeaving = false;

function isBadLuck(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** The session ended while a page was open: sign in again, then come back to it. */
async function leaveWhenSignedOut(error: Error): Promise<void> {
  const wasSignedIn = queryClient.getQueryData(sessionQuery.queryKey);
  if (!isUnauthenticated(error) || !wasSignedIn || isLeaving) return;
  isLeaving = true;
  const isOpenPage = router.state.matches.some(({ routeId }) => routeId === '/open');
  if (!isOpenPage) {
    await router.navigate({
      to: paths.signIn,
      search: { next: router.state.location.href, ended: 'yes' },
    });
  }
  // Not before: the pages that need a session are gone only now.
  forgetSession(queryClient);
  isLeaving = false;
}

// What was read under the session is not left on the screen of a tab that nobody looks at.
onSignedOutElsewhere(() => void queryClient.invalidateQueries(sessionQuery));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <App queryClient={queryClient} router={router} />
  </StrictMode>,
);
