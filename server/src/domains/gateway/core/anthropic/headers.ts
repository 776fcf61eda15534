/** The headers of a call that mean something to Anthropic, besides the key. https://platform.claude.com/docs/en/api/beta-headers */

import { type Judged, refuse } from '../body.ts';
import type { CallAddress } from '../dialect.ts';

/** The version that is meant where the caller names none. */
const versionUsual = '2023-06-01';
const version = /^\d{4}-\d{2}-\d{2}$/;
const betas = /^[\w.:-]+(?: *, *[\w.:-]+)*$/;
const betasLengthMax = 2000;
/** Serves the same model faster, for six times the price. */
const betasUnpriced = ['fast-mode-'];

export function readHeaders(
  headers: CallAddress['headers'],
): Judged<{ headers: Record<string, string> }> {
  const named = one(headers['anthropic-version']) ?? versionUsual;
  if (!version.test(named)) {
    return refuse(
      `Send "anthropic-version" as a date, such as ${versionUsual}.`,
      'anthropic-version',
    );
  }
  const asked = one(headers['anthropic-beta']);
  if (asked === undefined) return { headers: { 'anthropic-version': named } };
  if (asked.length > betasLengthMax || !betas.test(asked)) {
    return refuse('Send "anthropic-beta" as names with commas between them.', 'anthropic-beta');
  }
  const unpriced = asked
    .split(',')
    .map((name) => name.trim())
    .find((name) => betasUnpriced.some((begin) => name.toLowerCase().startsWith(begin)));
  if (unpriced !== undefined) {
    const message = `There is no price here for what the beta "${unpriced}" asks: leave it out.`;
    return refuse(message, 'anthropic-beta', 'unsupported_parameter');
  }
  return { headers: { 'anthropic-version': named, 'anthropic-beta': asked } };
}

function one(value: string | string[] | undefined): string | undefined {
  const text = Array.isArray(value) ? value.join(',') : value;
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
