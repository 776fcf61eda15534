/**
 * Whose use it is: what an application names, found through identity. Keys are cached by the keyring; everybody else
 * here, until their organization changes, so that a call does not begin with a question to the database.
 */
import type { Platform } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import {
  findCostCenterOf,
  findMembership,
  findMemberships,
  findOrganization,
  findPeople,
  findSubject,
  type Key,
  type Keyring,
  keyringChannel,
  type Standing,
} from '../identity/index.ts';
import type { SubjectReference } from './core/subject-reference.ts';

export interface AccessSubject extends Standing {
  organizationId: string;
  /** The member whose use it is, where one is known. */
  userId: string | null;
  /** The key's, or the member's. */
  costCenterId: string | null;
  key: Key | null;
}

export interface Subjects {
  /** @throws Refusal `subject_unknown`, or `forbidden` for a key that is of another application. */
  resolve(applicationId: string, subject: SubjectReference): Promise<AccessSubject>;
}

const subjectsMax = 20_000;
/** What a notification that never came can cost, and how long a member who left may still be counted as one. */
const keptMsMax = 15_000;

interface Cached {
  subject: AccessSubject;
  until: number;
}

export function createSubjects(platform: Platform, keyring: Keyring): Subjects {
  const { clocks, notifications } = platform;
  const cache = new Map<string, Cached>();
  // Counts what was dropped: a subject that was being read meanwhile may be stale, and is not kept.
  let drops = 0;
  notifications.subscribe(keyringChannel, {
    onNotify(id) {
      drops += 1;
      for (const [name, { subject }] of cache) {
        if (subject.organizationId === id || subject.userId === id) cache.delete(name);
      }
    },
    onGap() {
      drops += 1;
      cache.clear();
    },
  });

  return {
    async resolve(applicationId, reference) {
      const { api_key, external_id, user, organization } = reference;
      if (api_key !== undefined) return findKeySubject(keyring, applicationId, api_key);
      const name = [external_id && applicationId, external_id, user, organization].join('\n');
      const cached = cache.get(name);
      if (cached && cached.until > clocks.wall().getTime()) return cached.subject;
      const dropsBefore = drops;
      const subject = await findNamedSubject(platform, applicationId, reference);
      if (drops === dropsBefore) {
        if (cache.size >= subjectsMax) cache.delete(cache.keys().next().value ?? '');
        cache.set(name, { subject, until: clocks.wall().getTime() + keptMsMax });
      }
      return subject;
    },
  };
}

async function findKeySubject(
  keyring: Keyring,
  applicationId: string,
  named: string,
): Promise<AccessSubject> {
  const key = named.startsWith('key_') ? await keyring.findById(named) : await keyring.find(named);
  if (key === undefined || key.status !== 'active') {
    throw unknown('api_key', 'This key is unknown or revoked: ask the customer for another one.');
  }
  if (key.applicationId !== null && key.applicationId !== applicationId) {
    const sentence = 'This key is for another application: ask the customer for another one.';
    throw new Refusal('forbidden', sentence, { param: 'subject.api_key' });
  }
  return {
    organizationId: key.organizationId,
    organizationStatus: key.organizationStatus,
    organizationPastDueSince: key.organizationPastDueSince,
    personStatus: key.personStatus,
    userId: key.userId,
    costCenterId: key.costCenterId,
    key,
  };
}

async function findNamedSubject(
  platform: Platform,
  applicationId: string,
  { external_id, user, organization }: SubjectReference,
): Promise<AccessSubject> {
  const { database } = platform;
  if (external_id !== undefined) {
    const found = await findSubject(database, applicationId, external_id);
    if (found) return ofOrganization(platform, found.organizationId, found.userId);
    throw unknown(
      'external_id',
      'No subject has this external id: register it with PUT /api/v1/access/subjects/{external_id}.',
    );
  }
  if (user !== undefined) {
    const organizationId = await organizationOf(platform, user, organization);
    return ofOrganization(platform, organizationId, user);
  }
  return ofOrganization(platform, organization ?? '', null);
}

async function ofOrganization(
  { database }: Platform,
  organizationId: string,
  userId: string | null,
): Promise<AccessSubject> {
  const [found, people] = await Promise.all([
    findOrganization(database, organizationId),
    userId === null ? [] : findPeople(database, [userId]),
  ]);
  const [person] = people;
  if (!found) {
    throw unknown('organization', 'There is no such organization: check its id (org_…).');
  }
  return {
    organizationId,
    organizationStatus: found.status,
    organizationPastDueSince: found.pastDueSince,
    personStatus: person?.status ?? 'active',
    userId,
    costCenterId: userId && (await findCostCenterOf(database, { organizationId, userId })),
    key: null,
  };
}

/** The organization that a person is a member of, or of which it is said that they are. */
async function organizationOf(
  { database }: Platform,
  userId: string,
  organizationId: string | undefined,
): Promise<string> {
  if (organizationId !== undefined) {
    if (await findMembership(database, { organizationId, userId })) return organizationId;
    throw unknown('user', 'This person is no member of the organization: check both ids.');
  }
  const [only, another] = await findMemberships(database, { userId, limit: 2 });
  if (!only) throw unknown('user', 'There is no such person with an organization: check the id.');
  if (!another) return only.id;
  throw new Refusal('rule_violated', 'This person has several organizations: name one as well.', {
    param: 'subject.organization',
  });
}

function unknown(field: string, sentence: string): Refusal {
  return new Refusal('subject_unknown', sentence, { param: `subject.${field}` });
}
