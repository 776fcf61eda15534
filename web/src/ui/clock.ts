/** What time it is for the deployment: in a sandbox its business clock may have been moved. */
import { createContext, useCallback, useContext } from 'react';

/** How far business time is ahead of this browser's clock. */
export const ClockOffsetContext = createContext(0);

export function useBusinessClock(): () => Date {
  const offsetMs = useContext(ClockOffsetContext);
  return useCallback(() => new Date(Date.now() + offsetMs), [offsetMs]);
}
