/** Reads what a merchant or a payer sent, whichever way it came. */
import { type Exchange, isRecord, RequestError, readBody } from '../http/exchange.ts';
import type { Fields } from './signature.ts';

/** Query and body together; where both name a field, the body's first value counts. The body is a form or JSON. */
export async function readFields({ request, query }: Exchange): Promise<Fields> {
  const body = request.method === 'POST' ? (await readBody(request)).toString('utf8') : '';
  const isJson = (request.headers['content-type'] ?? '').includes('application/json');
  const fields: Fields = {};
  const sent = isJson ? jsonFields(body) : [...new URLSearchParams(body)];
  for (const [name, value] of [...sent, ...query]) fields[name] ??= value;
  return fields;
}

function jsonFields(body: string): [string, string][] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new RequestError(400, 'The body is not JSON.');
  }
  if (!isRecord(value)) throw new RequestError(400, 'Send a JSON object.');
  return Object.entries(value).map(([name, field]) => [name, String(field)]);
}
