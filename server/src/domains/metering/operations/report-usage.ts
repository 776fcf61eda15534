import { createHash } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { MeterBook, PriceBook } from '../../catalog/index.ts';
import { readSetting } from '../../settings/index.ts';
import {
  type MeterEvent,
  type ModelEvent,
  type NamedSubject,
  type Problem,
  readEvent,
  tagsMax,
} from '../core/read-event.ts';
import { type IngestNote, ingestEvents, type NewEvent } from '../ingest-store.ts';
import { isMovedByCalls } from '../rollups-store.ts';
import { payReportedCall, type SettleReported } from './pay-reported-call.ts';

/** Who reports: an application, for any of its customers, or an organization's key, for its own use. */
export type Reporter =
  | { kind: 'application'; applicationId: string }
  | { kind: 'api_key'; apiKeyId: string; organizationId: string };

/** Whose use an event is. */
export interface ReportedSubject {
  organizationId: string;
  userId: string | null;
  /** The key's, or the member's. */
  costCenterId: string | null;
  key: ({ apiKeyId: string } & ReportedKey) | null;
}

export interface ReportedKey {
  /** Who holds it: the member whose use it is. */
  userId: string;
  costCenterId: string | null;
  tags: readonly string[];
}

/** What reporting needs of those above it. */
export interface ReportingPorts {
  /** @throws Refusal where nobody is called so. */
  resolveSubject(applicationId: string, subject: NamedSubject): Promise<ReportedSubject>;
  findKey(apiKeyId: string): Promise<ReportedKey | undefined>;
  /** Pays for a call that was made elsewhere; a repeat is answered as the first time. */
  settleReported: SettleReported;
}

export interface Reporting extends ReportingPorts {
  meters: MeterBook;
  prices: PriceBook;
}

export type EventAnswer =
  | { id: string | null; status: 'accepted' | 'duplicate' }
  | ({ id: string | null; status: 'refused' } & Problem);

/** One place in a batch: what is known of its event so far. */
interface Place {
  id: string | null;
  problem?: Problem;
  event?: MeterEvent | ModelEvent;
  subject?: ReportedSubject;
  key?: string;
  note?: 'duplicate';
  /** The place of the first event of the same id. */
  first?: Place;
}

/** Takes events of usage, each judged by itself; what is answered as accepted is durable. */
export async function reportUsage(
  context: Context,
  reporting: Reporting,
  report: { reporter: Reporter; events: readonly unknown[] },
): Promise<EventAnswer[]> {
  const { reporter } = report;
  const places = await readPlaces(context, reporting, report);
  await resolveSubjects(places, reporter, reporting);
  markRepeats(places, reporter);
  const ready = places.filter((place) => !place.problem && !place.first);
  await takeMeterEvents(context, reporter, ready);
  for (const place of ready) {
    if (place.event?.kind === 'model') await takeModelEvent(context, reporting, reporter, place);
  }
  return places.map(answerOf);
}

async function readPlaces(
  context: Context,
  { meters }: Reporting,
  { reporter, events }: { reporter: Reporter; events: readonly unknown[] },
): Promise<Place[]> {
  const own = reporter.kind === 'application' ? reporter.applicationId : null;
  const rules = {
    now: context.clocks.business(),
    lateDays: await readSetting(context.database, 'metering_late_horizon_days'),
    findMeter(name: string, application: string | undefined) {
      if (application === undefined || own !== null) return meters.resolve(own, name);
      const slugged = name.includes('.') ? name : `${application}.${name}`;
      return meters.find(application, name) ?? meters.resolve(null, slugged);
    },
  };
  return events.map((raw) => {
    const id = nameOf(raw);
    const result = readEvent(raw, rules);
    if ('problem' in result) return { id, problem: result.problem };
    const problem = forbids(reporter, result.event, own === null ? undefined : meters);
    return problem ? { id, problem } : { id, event: result.event };
  });
}

function nameOf(raw: unknown): string | null {
  const id = (raw as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id.slice(0, 200) : null;
}

/** What a reporter may not say, whatever it says it of: nobody lowers its own use. */
function forbids(
  reporter: Reporter,
  event: MeterEvent | ModelEvent,
  meters: MeterBook | undefined,
): Problem | undefined {
  const no = (message: string): Problem => ({ code: 'forbidden', message });
  if (event.kind === 'meter' && isMovedByCalls(event.meter.id)) {
    return no(`Calls of models move ${event.meter.reference}: report the model with its usage.`);
  }
  if (reporter.kind === 'api_key') {
    if (event.kind === 'model') return undefined;
    const { kind, aggregation } = event.meter;
    if (event.corrects === null && kind === 'flow' && aggregation !== 'latest') return undefined;
    return no(
      'An organization’s key may only add: correct, and report levels, with the application’s key.',
    );
  }
  const { applicationId } = reporter;
  if (event.kind === 'meter' && ![null, applicationId].includes(event.meter.applicationId)) {
    return no(
      `The meter ${event.meter.reference} is another application’s: report it with its key.`,
    );
  }
  const slugs = meters?.all().filter((meter) => meter.applicationId === applicationId) ?? [];
  const isOwn =
    event.application === undefined ||
    event.application === applicationId ||
    slugs.some(({ applicationSlug }) => applicationSlug === event.application);
  return isOwn ? undefined : no('Leave application out, or use that application’s key.');
}

async function resolveSubjects(
  places: readonly Place[],
  reporter: Reporter,
  { resolveSubject, findKey }: Reporting,
): Promise<void> {
  const asked = new Map<string, Promise<ReportedSubject | Problem>>();
  for (const place of places) {
    if (!place.event) continue;
    const { subject } = place.event;
    const name = subject === undefined ? '' : JSON.stringify(subject);
    let found = asked.get(name);
    if (!found) {
      found =
        reporter.kind === 'api_key'
          ? ownSubject(findKey, reporter, subject)
          : known(resolveSubject, reporter.applicationId, subject);
      asked.set(name, found);
    }
    const answer = await found;
    if ('code' in answer) place.problem = answer;
    else tagAs(place, place.event, answer);
  }
}

/** What a key is tagged with goes with what it is used for, as with its calls. */
function tagAs(place: Place, event: MeterEvent | ModelEvent, subject: ReportedSubject): void {
  const tags = [...new Set([...event.tags, ...(subject.key?.tags ?? [])])].sort();
  if (tags.length > tagsMax) {
    const message = `Send fewer tags: with those of the key there may be ${tagsMax}.`;
    place.problem = { code: 'rule_violated', message };
    return;
  }
  place.subject = subject;
  place.event = { ...event, tags };
}

/** A key reports the use of its own organization, as its own and its member’s. */
async function ownSubject(
  findKey: ReportingPorts['findKey'],
  { apiKeyId, organizationId }: Reporter & { kind: 'api_key' },
  subject: NamedSubject | undefined,
): Promise<ReportedSubject | Problem> {
  const isOwn =
    subject === undefined ||
    subject.api_key === apiKeyId ||
    (subject.organization === organizationId && subject.user === undefined);
  if (!isOwn) {
    return { code: 'subject_unknown', message: 'Leave subject out: a key reports its own use.' };
  }
  const key = await findKey(apiKeyId);
  if (!key) return { code: 'subject_unknown', message: 'The key is gone: use another one.' };
  const { userId, costCenterId } = key;
  return { organizationId, userId, costCenterId, key: { apiKeyId, ...key } };
}

async function known(
  resolveSubject: ReportingPorts['resolveSubject'],
  applicationId: string,
  subject: NamedSubject | undefined,
): Promise<ReportedSubject | Problem> {
  if (!subject) return { code: 'subject_unknown', message: 'Name the subject: whose use it is.' };
  try {
    return await resolveSubject(applicationId, subject);
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, message: error.message };
    throw error;
  }
}

/** An application's ids are its own, and so are an organization's: nobody makes another's event a duplicate. */
function scopeOf(reporter: Reporter): string {
  return reporter.kind === 'application' ? reporter.applicationId : reporter.organizationId;
}

function keyOf(reporter: Reporter, id: string): string {
  return createHash('sha256')
    .update(`${scopeOf(reporter)} ${id}`)
    .digest('hex')
    .slice(0, 32);
}

/** Within a batch the first of an id counts; where it was refused, a later one may stand. */
function markRepeats(places: readonly Place[], reporter: Reporter): void {
  const firsts = new Map<string, Place>();
  for (const place of places) {
    if (!place.event || place.problem) continue;
    const first = firsts.get(place.event.id);
    if (first) place.first = first;
    else {
      firsts.set(place.event.id, place);
      place.key = keyOf(reporter, place.event.id);
    }
  }
}

async function takeMeterEvents(
  context: Context,
  reporter: Reporter,
  places: readonly Place[],
): Promise<void> {
  const taken = places.filter(({ event }) => event?.kind === 'meter');
  if (taken.length === 0) return;
  const events = taken.map((place) => newEvent(place, reporter));
  try {
    const notes = await ingestEvents(context.database, events, context.clocks.business());
    for (const [position, note] of notes) mark(taken[position] as Place, note);
  } catch (error) {
    if ((error as { code?: string }).code !== outOfRange) throw error;
    // One of them does not fit the sums: the others shall not suffer from it.
    const [only] = taken;
    if (taken.length === 1 && only) {
      only.problem = {
        code: 'rule_violated',
        message: 'Send less: with this the sum cannot be held.',
      };
      return;
    }
    const middle = Math.ceil(taken.length / 2);
    await takeMeterEvents(context, reporter, taken.slice(0, middle));
    await takeMeterEvents(context, reporter, taken.slice(middle));
  }
}

/** PostgreSQL's `numeric_value_out_of_range`. */
const outOfRange = '22003';

function newEvent({ event, subject, key }: Place, reporter: Reporter): NewEvent {
  const { id, at, meter, quantity, value, properties, tags, corrects } = event as MeterEvent;
  const { organizationId, userId, costCenterId, key: apiKey } = subject as ReportedSubject;
  const applicationId =
    reporter.kind === 'application' ? reporter.applicationId : meter.applicationId;
  return {
    key: key as string,
    eventId: id,
    applicationId: applicationId ?? '',
    organizationId,
    meterId: meter.id,
    apiKeyId: apiKey?.apiKeyId ?? null,
    userId,
    costCenterId,
    tags,
    quantity,
    value,
    properties,
    occurredAt: at,
    corrected: corrects === null ? null : keyOf(reporter, corrects),
  };
}

const reasons: Record<Exclude<IngestNote, 'duplicate'>, Problem> = {
  event_unknown: {
    code: 'event_unknown',
    message: 'Name in corrects the id of an event that was accepted and can still be corrected.',
  },
  event_differs: {
    code: 'event_differs',
    message: 'Correct an event with one of the same meter and organization.',
  },
  event_corrected: {
    code: 'event_corrected',
    message: 'It was corrected already: correct the event that stands in its place.',
  },
};

function mark(place: Place, note: IngestNote): void {
  if (note === 'duplicate') place.note = note;
  else place.problem = reasons[note];
}

async function takeModelEvent(
  context: Context,
  reporting: Reporting,
  reporter: Reporter,
  place: Place,
): Promise<void> {
  const { event, subject, key } = place;
  const call = {
    event: event as ModelEvent,
    subject: subject as ReportedSubject,
    key: key as string,
  };
  const applicationId = reporter.kind === 'application' ? reporter.applicationId : null;
  try {
    const { repeated } = await payReportedCall(context, reporting, { ...call, applicationId });
    if (repeated) place.note = 'duplicate';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    place.problem = { code: error.code, message: error.message };
  }
}

function answerOf(place: Place): EventAnswer {
  const { id } = place;
  const problem = place.problem ?? place.first?.problem;
  if (problem) return { id, status: 'refused', ...problem };
  return { id, status: place.first || place.note ? 'duplicate' : 'accepted' };
}
