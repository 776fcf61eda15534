/** What metering hears of itself: violations, which stored functions record and leave in the outbox. */
import { type Listener, news } from '../../platform/events.ts';
import { quotaExceeded } from './events.ts';
import { tellOfViolation } from './operations/tell-of-violation.ts';

export const meteringListeners: readonly Listener[] = [news(quotaExceeded, tellOfViolation)];
