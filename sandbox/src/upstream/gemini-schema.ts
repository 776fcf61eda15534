/** A value that a schema allows, for answers in JSON and arguments of functions. Pure. */
import { isRecord } from '../http/exchange.ts';

const DEPTH_MAX = 20;

/** Google's schemas write types in capitals, JSON Schema in small letters. */
export function exampleOf(schema: unknown, depth = 0): unknown {
  if (!isRecord(schema) || depth === DEPTH_MAX) return {};
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const [choice] = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  if (choice !== undefined) return exampleOf(choice, depth + 1);
  switch (String(schema.type ?? 'object').toLowerCase()) {
    case 'string':
      return 'example';
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return [exampleOf(schema.items, depth + 1)];
    default:
      return Object.fromEntries(
        Object.entries(isRecord(schema.properties) ? schema.properties : {}).map(
          ([name, property]) => [name, exampleOf(property, depth + 1)],
        ),
      );
  }
}
