/** Runs dependency-cruiser over a tree and answers in sentences. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { layerRules } from './layer-rules.ts';
import { roots } from './layers.ts';

export interface Broken {
  rule: string;
  from: string;
  to: string;
}

export interface Seen {
  /** Our own modules that were parsed. */
  modules: number;
  /** Imports between our own modules. */
  imports: number;
  broken: readonly Broken[];
}

/** Shared with `.dependency-cruiser.mjs`, so that editors and the command line judge alike. */
export const cruiseOptions: ICruiseOptions = {
  // Without it an `import type` would be invisible, and a type is as strong a tie as a value.
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  // Only our own builds: packages keep their code in dist/ too, and must stay visible.
  exclude: { path: '^[^/]+/(dist|coverage)/' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'require', 'node', 'default', 'types'],
    mainFields: ['module', 'main', 'types', 'typings'],
    extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
  },
};

/** Reads every module under `directory` and reports the imports that break a rule. */
export async function seeLayers(directory: string): Promise<Seen> {
  const present = roots.filter((root) => existsSync(join(directory, root)));
  const cwd = process.cwd();
  // dependency-cruiser judges paths relative to the working directory.
  process.chdir(directory);
  try {
    const { output } = await cruise([...present], {
      ...cruiseOptions,
      baseDir: directory,
      validate: true,
      ruleSet: { forbidden: layerRules },
    });
    return summarize(output as ICruiseResult);
  } finally {
    process.chdir(cwd);
  }
}

/** Says what is wrong with what was seen; an empty list means all is well. */
export function judgeLayers(seen: Seen, modulesMin: number): readonly string[] {
  const complaints = seen.broken.map(({ rule, from, to }) => {
    const comment = layerRules.find(({ name }) => name === rule)?.comment ?? '';
    return `${rule}: ${from} → ${to}. ${comment}`;
  });
  if (seen.modules < modulesMin || seen.imports < seen.modules / 2) {
    complaints.push(
      `Only ${seen.modules} modules with ${seen.imports} imports were read, at least ${modulesMin} are there: ` +
        'the parser is broken, so the absence of findings means nothing.',
    );
  }
  return complaints;
}

function summarize(result: ICruiseResult): Seen {
  const own = result.modules.filter(
    ({ source, coreModule, couldNotResolve }) =>
      !coreModule &&
      !couldNotResolve &&
      /[.](tsx?|mjs)$/.test(source) &&
      !source.includes('node_modules/'),
  );
  const names = new Set(own.map(({ source }) => source));
  return {
    modules: own.length,
    imports: own.flatMap(({ dependencies }) =>
      dependencies.filter(({ resolved }) => names.has(resolved)),
    ).length,
    broken: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
