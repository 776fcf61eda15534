/** Lints that judge one line at a time, as a table: where to look, what must not stand there, and what to do instead. */
import { type Finding, type Lint, type SourceFile, withoutComments } from './source.ts';

interface LineRule {
  pattern: RegExp;
  where: RegExp;
  except?: RegExp;
  /** Comments are judged too. */
  comments?: boolean;
  message: string;
}

interface Permit {
  path: string;
  /** Part of the permitted line. */
  line: string;
  why: string;
}

const tests = /[.]test[.]tsx?$/;
const code = /[.](ts|tsx|mjs|sql|css)$/;
const server = /^server\/src\/.*[.](ts|sql)$/;
const money = /^(server|contract)\/src\/.*[.]ts$/;

/** The lints name what they look for. */
const lints = /^tools\/lints\//;

/** Lines that break a rule for a reason that holds. Each says why. */
const permits: readonly Permit[] = [];

const wordRules: readonly LineRule[] = [
  {
    pattern: /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/,
    where: code,
    except: lints,
    comments: true,
    message: 'Do it now, or name the issue that will: TODO(#123).',
  },
  {
    // Annotations are Biome's; a cast is not.
    pattern: /\bas any\b(?!\s+\w)|<any>/,
    where: /[.]tsx?$/,
    except: lints,
    message: 'Say the type, or take `unknown` and narrow it.',
  },
  {
    pattern: /\bconsole[.]\w+\(/,
    where: server,
    except: /^server\/src\/(cli\/|main[.]ts$)|[.]test[.]ts$/,
    message: 'Write to the log, which is structured and scrubbed.',
  },
  {
    pattern: /\b(describe|test|it)[.]only\(/,
    where: /[.]test[.]tsx?$/,
    except: lints,
    message: 'One test left alone silences all others.',
  },
];

const moneyRules: readonly LineRule[] = [
  {
    pattern: /[*/] ?100n?\b/,
    where: money,
    except: tests,
    message:
      'Minor units differ by currency; convert with platform/money.ts, which names its rounding.',
  },
  {
    pattern: /[.]toFixed\(/,
    where: money,
    except: tests,
    message: 'toFixed rounds binary fractions; format amounts with platform/money.ts.',
  },
  {
    pattern: /\bparseFloat\(/,
    where: money,
    except: tests,
    message: 'A float cannot hold an amount; parse decimals with platform/money.ts.',
  },
];

const clockRules: readonly LineRule[] = [
  {
    pattern:
      /(?<![.\w])(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|(?<![.\w'])(current_timestamp|current_date|current_time|localtimestamp|localtime)\b(?!')/i,
    where: server,
    except: /^server\/src\/platform\/(database|migrations)\/|[.]test[.]ts$/,
    message: 'SQL has one clock and Sluice has two: pass the instant as an argument.',
  },
  {
    pattern: /\bnew Date\(\s*\)|\bDate[.]now\(\)|\bTemporal[.]Now\b/,
    where: /^server\/src\/domains\/.*[.]ts$/,
    // What only tests use may look at the clock on the wall, as they do.
    except: /[.]test[.]tsx?$|\/testing\//,
    message: 'Take the instant from context.clocks.wall() or .business(), or as an argument.',
  },
];

/** Words that must not stay in the code. */
export const words: Lint = (files) => findLines(files, wordRules);

/** Arithmetic that loses money. */
export const exactMoney: Lint = (files) => findLines(files, moneyRules);

/** Clocks that nobody can move. */
export const clocks: Lint = (files) => findLines(files, clockRules);

/** Permits that permit nothing any more. */
export const idlePermits: Lint = (files) => findIdlePermits(files, permits);

export function findIdlePermits(
  files: readonly SourceFile[],
  granted: readonly Permit[],
): Finding[] {
  return granted
    .filter(
      ({ path, line }) => !files.some((file) => file.path === path && file.text.includes(line)),
    )
    .map(({ path, line }) => ({
      path,
      message: `Remove the permit for "${line}": nothing uses it.`,
    }));
}

function findLines(files: readonly SourceFile[], rules: readonly LineRule[]): Finding[] {
  return files.flatMap((file) => {
    const due = rules.filter(
      ({ where, except }) => where.test(file.path) && !except?.test(file.path),
    );
    if (due.length === 0) return [];
    const bare = withoutComments(file).split('\n');
    return file.text.split('\n').flatMap((whole, index) =>
      due
        .filter(({ pattern, comments }) => pattern.test((comments ? whole : bare[index]) ?? ''))
        .filter(() => !isPermitted(file.path, whole))
        .map(({ message }) => ({ path: file.path, line: index + 1, message })),
    );
  });
}

function isPermitted(path: string, line: string): boolean {
  return permits.some((permit) => permit.path === path && line.includes(permit.line));
}
