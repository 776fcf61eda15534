/** What every command of the line has in common: it ends with a sentence, and with 0 only when all is well. */
import type { Config } from '../platform/config.ts';

export interface CommandLine {
  config: Config;
  /** Words after the command's own. */
  rest: readonly string[];
  options: Readonly<Record<string, string | boolean>>;
  /** Progress for a person; silent under `--json`. */
  say(line: string): void;
}

export interface Outcome {
  ok: boolean;
  sentence: string;
  /** More for a machine; printed under `--json`. */
  details?: Record<string, unknown>;
}

export interface Command {
  run(line: CommandLine): Promise<Outcome>;
}
