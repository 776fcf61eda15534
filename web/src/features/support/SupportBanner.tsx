/** Says on every page that somebody acts here for support: to the operator as to the customer's people. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { reading } from '../../api/use-call.ts';
import { isAllowed } from '../session/allowed.ts';
import { useVisitor } from '../session/session.ts';

const refetchInterval = 30_000;

/** Only where somebody is there are the notice and its words loaded. */
const SupportNotice = lazy(() =>
  import('./SupportNotice.tsx').then((m) => ({ default: m.SupportNotice })),
);

export function SupportBanner() {
  const session = useVisitor();
  const { data } = useQuery({
    ...reading('listSupportSessions'),
    enabled: isAllowed('listSupportSessions', session),
    refetchInterval,
  });
  if (!data || data.data.length === 0 || !session?.organization) return null;
  return (
    <Suspense fallback={null}>
      {data.data.map((visit) => (
        <SupportNotice
          key={visit.id}
          visit={visit}
          organization={session.organization?.name ?? ''}
        />
      ))}
    </Suspense>
  );
}
