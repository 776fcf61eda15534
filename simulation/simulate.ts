/** A world that lives through months by chance, and what is found when its books are read at the end. */
import { makeCatalog } from './catalog.ts';
import { passDay } from './days.ts';
import { type Digest, digestOf } from './digest.ts';
import { judgeBooks } from './invariants/books.ts';
import { judgeCreditNotes, judgeInvoices } from './invariants/invoices.ts';
import { judgePeriods } from './invariants/periods.ts';
import {
  readChanges,
  readCreditNotes,
  readCreditUses,
  readInvoices,
  readSubscriptions,
} from './invariants/read.ts';
import type { Story } from './story.ts';
import { openWorld } from './world.ts';

const dayMs = 86_400_000;

export interface Scale {
  seed: number;
  organizations: number;
  months: number;
}

export interface Outcome extends Digest {
  months: Story['months'];
  findings: string[];
}

/** Everybody has signed up when so much of the time has passed. */
const arrivalShare = 0.5;

/** Runs on a migrated database of its own; the same scale has the same outcome. */
export async function simulate(
  scale: Scale,
  place: { databaseUrl: string; dataDir: string; onDay?: (story: Story, day: number) => void },
): Promise<Outcome> {
  const world = await openWorld(place.databaseUrl, place.dataDir);
  try {
    const catalog = await makeCatalog(world);
    const { seed } = scale;
    const story: Story = { world, catalog, seed, customers: [], months: new Map(), findings: [] };
    const days = daysOf(world.startsAt, scale.months);
    for (let day = 0; day < days; day += 1) {
      await passDay(story, { day, newcomers: newcomersOn(day, { days, ...scale }) });
      place.onDay?.(story, day);
    }
    const findings = [...story.findings, ...(await judge(story))];
    return { months: story.months, findings, ...(await digestOf(story)) };
  } finally {
    await world.close();
  }
}

function daysOf(startsAt: Date, months: number): number {
  const end = new Date(startsAt);
  end.setUTCMonth(end.getUTCMonth() + months);
  return Math.round((end.getTime() - startsAt.getTime()) / dayMs);
}

/** Spread evenly over the first part of the time. */
function newcomersOn(
  day: number,
  { days, organizations }: { days: number; organizations: number },
): number {
  const arrived = (end: number) =>
    Math.min(organizations, Math.ceil((organizations * end) / (days * arrivalShare)));
  return arrived(day + 1) - arrived(day);
}

async function judge({ world }: Story): Promise<string[]> {
  const { platform } = world.deployment;
  const { database } = platform;
  const invoices = await readInvoices(database);
  const notes = await readCreditNotes(database);
  return [
    ...(await judgeBooks(platform)),
    ...judgeInvoices(invoices),
    ...judgeCreditNotes(notes, invoices, await readCreditUses(database)),
    ...judgePeriods(await readSubscriptions(database), invoices, await readChanges(database)),
  ];
}
