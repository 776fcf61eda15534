import { useVisitor } from '../features/session/session.ts';
import { OpenLayout } from './OpenLayout.tsx';
import { PortalLayout } from './PortalLayout.tsx';

/** The frame of pages that customers have among their own, and that anyone may open. */
export function EitherLayout() {
  return useVisitor() ? <PortalLayout /> : <OpenLayout />;
}
