/** Reads YAML, or JSON, against a schema, and finds where in the text a problem stands. */
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import type { TextProblem } from '../../platform/errors.ts';
import type { Path, Problem } from './core/check-template.ts';
import { Template } from './template-schema.ts';

/** A text that was read, or what keeps it from being read; `locate` puts further problems into the text. */
interface ReadText<T> {
  value: T | undefined;
  problems: TextProblem[];
  locate(problem: Problem): TextProblem;
}

export function readTemplateText(text: string) {
  const { value: template, ...rest } = readText(text, Template);
  return { template, ...rest };
}

export function readText<T extends z.ZodType>(text: string, schema: T): ReadText<z.output<T>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const locate = (problem: Problem) => locateIn(document, lines, problem);
  const broken = document.errors.map((error) => describeSyntax(error, lines));
  // Where the text itself is broken, what it seems to say would only mislead.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
    return { value: undefined, problems: sorted(broken), locate };
  }
  const said = followAliases(document);
  if (said === unresolved) {
    const problem = { path: [], message: 'An alias (*) names nothing, or too much: write it out' };
    return { value: undefined, problems: [locate(problem)], locate };
  }
  const result = schema.safeParse(said);
  const malformed = result.success
    ? []
    : result.error.issues.flatMap((issue) => describeIssue(issue, said)).map(locate);
  const problems = sorted([...broken, ...malformed]);
  return { value: problems.length === 0 ? result.data : undefined, problems, locate };
}

const unresolved = Symbol('an alias that cannot be followed');

/** YAML's aliases are followed, within a bound that keeps a few lines from meaning gigabytes. */
function followAliases(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return unresolved;
    throw error;
  }
}

/** In the order of the text. */
export function sorted(problems: readonly TextProblem[]): TextProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** One line for a person: `line 12, column 7: plans[0].quotas[1].window: write one of …`. */
export function writeProblem({ line, column, message }: TextProblem): string {
  return `line ${line}, column ${column}: ${message}`;
}

function describeSyntax(error: YAMLError, lines: LineCounter): TextProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const message = error.code === 'DUPLICATE_KEY' ? 'this field stands here twice' : error.message;
  return { line, column: col, message };
}

function locateIn(document: Document, lines: LineCounter, problem: Problem): TextProblem {
  const offset = offsetOf(document, problem.path, problem.atKey ?? false);
  const { line, col } = lines.linePos(offset);
  const field = writePath(problem.path);
  const sentence = problem.message.replace(/\.$/, '');
  // A currency's code stays as it is.
  const message = /^[A-Z]{2}/.test(sentence)
    ? sentence
    : sentence.charAt(0).toLowerCase() + sentence.slice(1);
  return { line, column: col, message: field === '' ? message : `${field}: ${message}` };
}

/** Where a field's value begins; of a field that is not there, where the nearest thing around it does. */
function offsetOf(document: Document, path: Path, atKey: boolean): number {
  if (atKey) {
    const parent = document.getIn(path.slice(0, -1), true);
    const name = path.at(-1);
    const key = isMap(parent)
      ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.key
      : undefined;
    if (isNode(key) && key.range) return key.range[0];
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function writePath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, root: unknown, under: Path = []): Problem[] {
  const path = [
    ...under,
    ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  ];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `"${key}" is no field here: leave it out or correct its name`,
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_key') {
    const inner = issue.issues[0]?.message ?? 'it is no name';
    return [{ path, message: inner, atKey: true }];
  }
  const isMissing = valueAt(root, path) === undefined;
  if (isMissing) return [{ path, message: 'is missing: add it' }];
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.flat();
    const types = branches.flatMap((branch) =>
      branch.code === 'invalid_type' ? [nameOfType(branch.expected)] : [],
    );
    if (types.length === branches.length) return [{ path, message: `write ${types.join(' or ')}` }];
    const [first] = branches;
    return first ? describeIssue(first, root, path) : [];
  }
  if (issue.code === 'invalid_type')
    return [{ path, message: `write ${nameOfType(issue.expected)}` }];
  if (issue.code === 'invalid_value') {
    return [{ path, message: `write one of ${issue.values.map(String).join(', ')}` }];
  }
  return [{ path, message: issue.message }];
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields with values',
  record: 'fields with values',
};

function nameOfType(expected: string): string {
  return typeNames[expected] ?? expected;
}
