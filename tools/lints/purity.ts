/**
 * Some modules of Node hold pure functions beside I/O. The layer rules see modules only, so they let `core/` import
 * these, and this lint sees to it that nothing but the pure names is taken.
 */
import { type Lint, withoutComments } from './source.ts';

const pureNames: Record<string, readonly string[]> = {
  'node:crypto': ['createHash', 'createHmac', 'timingSafeEqual'],
  'node:net': ['BlockList', 'isIP', 'isIPv4', 'isIPv6'],
};

/** Impure names that `core/` takes from a module with pure parts. */
export const purity: Lint = (files) =>
  files
    .filter(({ path }) => /^server\/src\/domains\/[^/]+\/core\/.*(?<![.]test)[.]ts$/.test(path))
    .flatMap((file) => {
      const imports = withoutComments(file).matchAll(
        /import\s+(?!type\b)([^'";]*)from\s+'([^']+)'/g,
      );
      return [...imports].flatMap(([, clause = '', module = '']) => {
        const pure = pureNames[module];
        if (!pure) return [];
        const impure = namesOf(clause).filter((name) => !pure.includes(name));
        return impure.map((name) => ({
          path: file.path,
          message: `${name} of ${module} is not pure; core/ may take ${pure.join(', ')}.`,
        }));
      });
    });

/** Names taken by an import clause; a default or namespace import takes everything. */
function namesOf(clause: string): string[] {
  const [, named] = clause.match(/^\s*\{([^}]*)\}\s*$/) ?? [];
  if (named === undefined) return ['everything'];
  return named
    .split(',')
    .map((part) => part.trim().split(/\s+as\s+/)[0] ?? '')
    .filter((name) => name !== '' && !name.startsWith('type '));
}
