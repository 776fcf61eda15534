/** Secrets stay out of the environment where they come from a file, as containers are given them, or from a command. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Each may be given as `NAME`, or as `NAME_FILE` or `NAME_COMMAND` instead. */
export const secretSettings = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URL',
  'REDIS_URL',
  'SLUICE_SECRET_KEY',
  'SLUICE_SECRET_KEY_PREVIOUS',
  'SLUICE_ADMIN_PASSWORD',
  'SMTP_URL',
  'TELEGRAM_BOT_TOKEN',
  'LDAP_BIND_PASSWORD',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const;

type Environment = Record<string, string | undefined>;
type Answer = { secret: string } | { problem: string };

const commandTimeoutMs = 10_000;
const secretBytesMax = 64 * 1024;

/**
 * The environment with its secrets in place. Problems name the setting, and neither the secret nor the command, which
 * may hold one.
 */
export function readSecrets(
  environment: Environment,
  timeoutMs = commandTimeoutMs,
): { values: Environment; problems: string[] } {
  const values = { ...environment };
  const problems: string[] = [];
  for (const name of secretSettings) {
    const ways = [name, `${name}_FILE`, `${name}_COMMAND`].filter((way) => environment[way]);
    if (ways.length > 1) {
      problems.push(`${ways.join(' and ')}: give only one of them`);
      continue;
    }
    const [way] = ways;
    if (way === undefined || way === name) continue;
    const answer = way.endsWith('_FILE')
      ? readSecretFile(environment[way] ?? '')
      : askCommand(environment[way] ?? '', { environment, timeoutMs });
    if ('secret' in answer) values[name] = answer.secret;
    else problems.push(`${way}: ${answer.problem}`);
  }
  return { values, problems };
}

function readSecretFile(path: string): Answer {
  try {
    return secretIn(readFileSync(path, 'utf8'), 'the file is empty');
  } catch (error) {
    return { problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** No shell reads the command: who needs one writes `sh -c '…'`. What it says on standard error is not passed on. */
function askCommand(
  command: string,
  { environment, timeoutMs }: { environment: Environment; timeoutMs: number },
): Answer {
  const words = wordsOf(command);
  if (words === undefined) return { problem: 'a quotation mark in the command is not closed' };
  const [program, ...rest] = words;
  if (!program) return { problem: 'the command is empty' };
  const ended = spawnSync(program, rest, {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: secretBytesMax,
  });
  const code = (ended.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ETIMEDOUT') {
    return { problem: `the command did not end within ${timeoutMs / 1000} seconds` };
  }
  if (code === 'ENOBUFS') return { problem: `the command said more than ${secretBytesMax} bytes` };
  if (code !== undefined) return { problem: `the command cannot be run (${code})` };
  if (ended.status !== 0) {
    return { problem: `the command failed (${ended.signal ?? `exit code ${ended.status}`})` };
  }
  return secretIn(ended.stdout, 'the command said nothing');
}

function secretIn(text: string, ifEmpty: string): Answer {
  const secret = text.replace(/\r?\n$/, '');
  return secret.trim() === '' ? { problem: ifEmpty } : { secret };
}

/** As a shell splits words, with quotes and backslashes but nothing else; undefined where a quote is left open. */
function wordsOf(command: string): string[] | undefined {
  const part = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|[^\s'"\\]+|(.)/gsu;
  const words: string[] = [];
  let isOpen = false;
  for (const [text, single, double, escaped, stray] of command.matchAll(part)) {
    if (stray !== undefined) return undefined;
    if (/^\s/.test(text)) {
      isOpen = false;
      continue;
    }
    const meant = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? text;
    if (isOpen) words.push((words.pop() ?? '') + meant);
    else words.push(meant);
    isOpen = true;
  }
  return words;
}
