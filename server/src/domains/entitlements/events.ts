/** What entitlements hear of. */
import { type Listener, reaction } from '../../platform/events.ts';
import { organizationTimeZoneChanged } from '../identity/index.ts';
import { moveToTimeZone } from './operations/move-to-time-zone.ts';

export const entitlementsListeners: readonly Listener[] = [
  reaction(organizationTimeZoneChanged, moveToTimeZone),
];
