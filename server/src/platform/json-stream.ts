/** JSON as it is written: what may be long is never whole in memory. */

/** The text of a value in pieces; an async iterable in it, at any depth, is written as a list. */
export async function* jsonText(value: unknown): AsyncGenerator<string> {
  if (isAsyncIterable(value)) {
    yield* listText(value);
    return;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    yield* objectText(value);
    return;
  }
  yield JSON.stringify(value ?? null);
}

async function* listText(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : '\n]';
}

async function* objectText(value: object): AsyncGenerator<string> {
  let separator = '{\n';
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    yield `${separator}${JSON.stringify(name)}: `;
    yield* jsonText(part);
    separator = ',\n';
  }
  yield separator === '{\n' ? '{}' : '\n}';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
