/** Moving in from another system; a dry run unless `--apply` is given, and stopped with Ctrl+C behind the batch under way. */
import { createPriceBook } from '../../domains/catalog/index.ts';
import {
  atPar,
  type Comparison,
  compareKept,
  type ImportReport,
  type OldInstallation,
  openClaudeRelay,
  openOneApi,
  presentReport,
  readRate,
  relayPrefix,
  runImport,
  type SourceKind,
  type Stage,
  sayReport,
} from '../../domains/imports/index.ts';
import type { Config } from '../../platform/config.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

export const importOneApi: Command = {
  run: (line) => runCommand(line, 'one-api'),
};

export const importNewApi: Command = {
  run: (line) => runCommand(line, 'new-api'),
};

export const importClaudeRelay: Command = {
  run: (line) => runCommand(line, 'claude-relay'),
};

export const importCompare: Command = {
  async run(line) {
    const [word] = line.rest;
    const name = textOf(line.options.name) ?? word;
    if (name === undefined) {
      return failed('Name the import: sluice import compare one-api.');
    }
    try {
      return await withDeployment(line, async ({ context }) =>
        sayComparison(line, await compareKept(context(), name)),
      );
    } catch (error) {
      if (error instanceof Refusal) return failed(error.message);
      throw error;
    }
  },
};

function sayComparison(line: CommandLine, comparison: Comparison): Outcome {
  const { source, figures, differences, differencesCount } = comparison;
  for (const { what, there, moved } of figures) {
    line.say(`  ${what.padEnd(14)}${there.padStart(20)} there${moved.padStart(20)} moved`);
  }
  for (const { kind, id, name, text } of differences.slice(0, notesShownMax)) {
    line.say(`  ${kind} ${id} ${name}: ${text}`);
  }
  const more = differencesCount - notesShownMax;
  if (more > 0) line.say(`  and ${more} more: --json prints those that are listed.`);
  return {
    ok: true,
    sentence:
      differencesCount === 0
        ? 'Nothing differs.'
        : `${differencesCount} differences; nothing was changed.`,
    details: { comparison: { source, figures, differences, differences_count: differencesCount } },
  };
}

const notesShownMax = 20;

async function runCommand(line: CommandLine, kind: SourceKind): Promise<Outcome> {
  const { options, config } = line;
  const name = textOf(options.name) ?? kind;
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    return failed('Choose a --name of small letters, digits and dashes, such as old-relay.');
  }
  if (options.apply === true && options['dry-run'] === true) {
    return failed('Either --dry-run or --apply: not both.');
  }
  const applies = options.apply === true;
  const stop = stopOnInterrupt(line);
  try {
    return await withDeployment(line, async ({ context, platform }) => {
      const opened = await openInstallation(line, kind, context().clocks.wall());
      try {
        const report = await runImport(context(), opened.old, {
          ...{ name, applies, owner: textOf(options.owner), salt: opened.salt },
          prices: await createPriceBook(platform),
          watchAt: options.watch === true ? opened.location : undefined,
          ...{ signal: stop.signal, progress: showProgress(line) },
        });
        return tell(line, report, config);
      } finally {
        await opened.old.close();
      }
    });
  } catch (error) {
    if (error instanceof Refusal) return failed(error.message);
    throw error;
  } finally {
    stop.release();
  }
}

interface Opened {
  old: OldInstallation;
  /** How to find it again, as JSON. */
  location: string;
  salt?: { prefix: string; text: string };
}

/** @throws Refusal with what is missing. */
async function openInstallation(line: CommandLine, kind: SourceKind, now: Date): Promise<Opened> {
  const { options, config } = line;
  const rate = rateOf(line);
  if (kind === 'claude-relay') return openRelay(line, now);
  const database = textOf(options.database);
  if (database === undefined) {
    throw refusal(`Name the old database: sluice import ${kind} --database FILE|URL.`);
  }
  const old = await openOneApi({ kind, database, rate, timeZone: config.timeZone });
  return { old, location: JSON.stringify({ database, rate: textOf(options.rate) }) };
}

/** Keys there begin as its API_KEY_PREFIX says; nothing that tokens of sessions or applications begin with. */
const prefixPattern = /^(?!ak-|ey)[A-Za-z][A-Za-z0-9]{0,15}[_-]$/;

async function openRelay(line: CommandLine, now: Date): Promise<Opened> {
  const { options, config } = line;
  const rate = rateOf(line);
  const url = textOf(options.redis);
  // The environment keeps it out of the list of processes.
  const encryptionKey = textOf(options['encryption-key']) ?? process.env.IMPORT_ENCRYPTION_KEY;
  if (url === undefined || !encryptionKey) {
    throw refusal(
      'Name the old Redis and the ENCRYPTION_KEY of its .env: sluice import claude-relay --redis URL --encryption-key KEY.',
    );
  }
  const prefix = textOf(options.prefix) ?? relayPrefix;
  if (!prefixPattern.test(prefix)) throw refusal('Write --prefix as API_KEY_PREFIX there: cr_.');
  const old = await openClaudeRelay({
    ...{ url, encryptionKey, rate, now, timeZone: config.timeZone },
    sampleKey: textOf(options['sample-key']),
  });
  const location = JSON.stringify({ redis: url, rate: textOf(options.rate) });
  return { old, location, salt: { prefix, text: encryptionKey } };
}

/** Money there is in dollars. */
function rateOf({ options, config }: CommandLine) {
  const text = textOf(options.rate);
  const rate = text === undefined ? undefined : readRate(text);
  if (text !== undefined && !rate) throw refusal('Write --rate as a decimal above zero: 7.12.');
  if (!rate && config.usageCurrency !== 'USD') {
    throw refusal(
      `Balances there are in dollars, wallets here in ${config.usageCurrency}: say with --rate what a dollar is.`,
    );
  }
  return rate ?? atPar;
}

function tell(line: CommandLine, report: ImportReport, { usageCurrency }: Config): Outcome {
  for (const { kind, id, name, text } of report.notes.slice(0, notesShownMax)) {
    line.say(`  ${kind} ${id} ${name}: ${text}`);
  }
  const more = report.notes.length - notesShownMax;
  if (more > 0) line.say(`  and ${more} more: --json prints all of them.`);
  return {
    ok: report.isComplete,
    sentence: sayReport(report, usageCurrency),
    details: { report: presentReport(report) },
  };
}

const secondMs = 1000;

/** At most once a second: what is done, and how long the rest takes at that pace. */
function showProgress({ say }: CommandLine) {
  let stage: Stage | undefined;
  let started = 0;
  let shown = 0;
  return (now: Stage, done: number, total: number | undefined) => {
    const at = performance.now();
    if (now !== stage) {
      stage = now;
      started = at;
      shown = at;
      return;
    }
    if (at - shown < secondMs) return;
    shown = at;
    if (total === undefined) {
      say(`  ${now}: ${done} days`);
      return;
    }
    const leftSeconds = Math.ceil(((at - started) / done) * Math.max(total - done, 0)) / secondMs;
    say(`  ${now}: ${done} of ${total}, about ${Math.ceil(leftSeconds)} s left`);
  };
}

/** The first Ctrl+C finishes the batch, a second one ends at once; nothing is lost either way. */
function stopOnInterrupt({ say }: CommandLine) {
  const controller = new AbortController();
  const stop = () => {
    say('Stopping behind this batch …');
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
    },
  };
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refusal(sentence: string): Refusal {
  return new Refusal('rule_violated', sentence);
}

function failed(sentence: string): Outcome {
  return { ok: false, sentence };
}
