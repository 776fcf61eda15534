/** Stripe's forms: `line_items[0][price_data][currency]=usd` is a tree. What is unknown or no number is refused by name. */
import { invalid } from './problem.ts';

export type Tree = { [name: string]: string | Tree };

const depthMax = 8;
const fieldsMax = 500;

export function readForm(text: string): Tree {
  const fields = [...new URLSearchParams(text)];
  if (fields.length > fieldsMax) throw invalid('There are too many parameters.');
  const tree: Tree = Object.create(null);
  for (const [name, value] of fields) plant(tree, name, value);
  return tree;
}

function plant(tree: Tree, name: string, value: string): void {
  const [head = '', ...rest] = name.split('[');
  const path = [head, ...rest.map((part) => part.replace(/\]$/, ''))];
  if (path.length > depthMax) throw invalid(`Invalid parameter name: ${name}`);
  let branch = tree;
  for (const [depth, given] of path.entries()) {
    // `expand[]` numbers itself.
    const part = given === '' ? String(Object.keys(branch).length) : given;
    if (depth === path.length - 1) {
      branch[part] = value;
      return;
    }
    const next = branch[part] ?? Object.create(null);
    if (typeof next === 'string') throw invalid(`Invalid parameter: ${name}`, { param: name });
    branch[part] = next;
    branch = next;
  }
}

/** Refuses what the vendor does not know, as it does. */
export function allow(tree: Tree, names: readonly string[], within = ''): void {
  for (const name of Object.keys(tree)) {
    const param = within === '' ? name : `${within}[${name}]`;
    if (!names.includes(name)) {
      const about = { code: 'parameter_unknown', param };
      throw invalid(`Received unknown parameter: ${param}`, about);
    }
  }
}

export function textOf(tree: Tree, name: string): string | undefined {
  const value = tree[name];
  if (typeof value === 'object') throw invalid(`Invalid string: ${name}`, { param: name });
  return value === '' ? undefined : value;
}

export function needText(tree: Tree, name: string, param = name): string {
  const text = textOf(tree, name);
  if (text !== undefined) return text;
  throw invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

export function integerOf(tree: Tree, name: string, param = name): number | undefined {
  const text = textOf(tree, name);
  if (text === undefined) return undefined;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw invalid(`Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param });
}

export function isTrue(tree: Tree, name: string): boolean {
  const text = textOf(tree, name);
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw invalid(`Invalid boolean: ${text}`, { param: name });
}

export function branchOf(tree: Tree, name: string): Tree {
  const value = tree[name] ?? {};
  if (typeof value === 'string') throw invalid(`Invalid object`, { param: name });
  return value;
}

export function listOf(tree: Tree, name: string): string[] {
  return Object.values(branchOf(tree, name)).filter((value) => typeof value === 'string');
}

const metadataKeysMax = 50;

export function metadataOf(tree: Tree): Record<string, string> {
  const metadata = branchOf(tree, 'metadata');
  const entries = Object.entries(metadata);
  if (entries.length > metadataKeysMax) throw invalid('Metadata can have up to 50 keys.');
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof value === 'string' && key.length <= 40 && value.length <= 500) return [key, value];
      throw invalid('Metadata values can have up to 500 characters.', {
        param: `metadata[${key}]`,
      });
    }),
  );
}
