import type { Job } from '../jobs/index.ts';
import { attemptWindowMs, memoryMaxMs } from './core/login-throttle.ts';
import { followDirectory } from './operations/follow-directory.ts';
import { nextKeyEnding, tellOfEndingKeys } from './operations/tell-of-ending-keys.ts';
import { deleteOldAddressAttempts } from './store/address-attempts.ts';
import { deleteExpiredLinks, deleteOldAttempts } from './store/links.ts';
import { deleteOldChallenges } from './store/passkeys.ts';
import { deleteOldPortalLinks } from './store/portal.ts';
import { deleteExpiredSessions } from './store/sessions.ts';
import { deleteOldSightings } from './store/sightings.ts';
import { deleteOldFlows } from './store/sso-flows.ts';

/** Ended sessions are kept so long, for whoever asks what happened. */
const keptMs = 30 * 86_400_000;

/** Where somebody was seen a year ago says nothing of who they are today. */
const sightingsKeptMs = 400 * 86_400_000;

/** Clears away what no longer signs anybody in. */
export const identityJobs: readonly Job[] = [
  {
    name: 'identity.follow_directory',
    cron: '17 * * * *',
    afterMove: 'once',
    run: followDirectory,
  },
  {
    name: 'identity.tell_of_ending_keys',
    cron: '*/10 * * * *',
    async run(context) {
      await tellOfEndingKeys(context);
    },
    nextDue: nextKeyEnding,
  },
  {
    name: 'identity.remove_expired',
    cron: '23 3 * * *',
    afterMove: 'never',
    async run({ database, clocks }) {
      const now = clocks.wall().getTime();
      await deleteExpiredSessions(database, new Date(now - keptMs));
      await deleteExpiredLinks(database, new Date(now - keptMs));
      await deleteOldChallenges(database, new Date(now));
      await deleteOldFlows(database, new Date(now));
      await deleteOldPortalLinks(database, new Date(now - keptMs));
      await deleteOldAttempts(database, new Date(now - memoryMaxMs));
      await deleteOldSightings(database, new Date(now - sightingsKeptMs));
      await deleteOldAddressAttempts(database, new Date(now - attemptWindowMs));
    },
  },
];
