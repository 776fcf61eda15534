/** Writes `contract/openapi.json` from the contract, or with `--check` says whether the committed file is in step. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openApiDocument } from '../contract/src/openapi.ts';

const file = join(resolve(import.meta.dirname, '..'), 'contract/openapi.json');

/** Answers what is wrong with the committed document; nothing when it is in step. */
export function findDrift(committed: string | undefined, generated: string): string | undefined {
  if (committed === generated) return undefined;
  const mend = 'Run `npm run tidy` and commit contract/openapi.json.';
  if (committed === undefined) return `contract/openapi.json is missing. ${mend}`;
  const before = committed.split('\n');
  const after = generated.split('\n');
  const at = after.findIndex((line, index) => line !== before[index]);
  const line = at === -1 ? after.length : at;
  const shown = `line ${line + 1} holds "${before[line]?.trim() ?? ''}", the contract says "${after[line]?.trim() ?? ''}"`;
  return `contract/openapi.json is out of step with contract/src: ${shown}. ${mend}`;
}

export function generateDocument(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

if (import.meta.main) {
  const generated = generateDocument();
  if (process.argv.includes('--check')) {
    const drift = findDrift(readCommitted(), generated);
    if (drift) {
      console.log(drift);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, generated);
  }
}

function readCommitted(): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
