/** The ids that applications choose: many are kept by one statement, while the one before is on its way. */
import type { Platform } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import type { AccessRequest } from './core/access-request.ts';
import { createGroupCommit } from './group-commit.ts';
import { openRequests } from './requests-store.ts';
import { blameFor } from './store.ts';

export interface OpenedRequest {
  /** Of two that name the same id, the first. */
  request: AccessRequest;
  /** False where it was there before. */
  isNew: boolean;
}

export interface AccessRequests {
  /**
   * Keeps a request under the application's id, durably.
   * @throws Refusal `unavailable` while the database does not answer.
   */
  open(request: AccessRequest): Promise<OpenedRequest>;
  /** Resolves when everything asked so far has been answered. */
  drain(): Promise<void>;
}

const batchMax = 120;
const waitingMax = 10_000;
const patienceMs = 5_000;

export function createAccessRequests({ database }: Pick<Platform, 'database'>): AccessRequests {
  const queue = createGroupCommit<Opening, OpenedRequest>({
    run: async (openings) => {
      const asked = openings.map(({ request }) => request);
      const stood = new Map(
        (await openRequests(database, asked)).map((request) => [nameOf(request), request]),
      );
      const answers = asked.map((request) => {
        const first = stood.get(nameOf(request));
        return { request: first ?? request, isNew: first === undefined };
      });
      return { answers };
    },
    blameFor,
    batchMax,
    queueMax: waitingMax,
    patienceMs,
  });
  return {
    async open(request) {
      try {
        // The queue lets no name into a batch twice.
        const requestId = nameOf(request);
        return await queue.ask({ requestId, organizationId: request.applicationId, request });
      } catch (error) {
        if (blameFor(error) === 'call') throw error;
        throw new Refusal('unavailable', 'The database does not answer: try again shortly.', {
          retryAfterSeconds: 1,
        });
      }
    },
    drain: () => queue.drain(),
  };
}

interface Opening {
  requestId: string;
  organizationId: string;
  request: AccessRequest;
}

function nameOf({ applicationId, externalId }: AccessRequest): string {
  return `${applicationId} ${externalId}`;
}
