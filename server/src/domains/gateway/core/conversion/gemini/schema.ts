/**
 * Gemini's own schemas, a part of OpenAPI 3.0, as JSON schema: https://ai.google.dev/api/caching#Schema. (The way back is
 * not needed: Gemini takes JSON schema as it is.)
 */
import { isRecord } from '../../json.ts';
import { allowOnly, type Json, join, readList, readRecord, refuse } from '../fields.ts';
import { camelCased } from './names.ts';

const depthMax = 64;
const copied = [
  'title',
  'description',
  'enum',
  'default',
  'pattern',
  'minimum',
  'maximum',
  'required',
];
/** Whole numbers that Google's JSON writes as text. */
const counts = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];
const fields = new Set([
  ...copied,
  ...counts,
  ...['type', 'format', 'nullable', 'items', 'properties', 'anyOf', 'propertyOrdering', 'example'],
]);

export function jsonSchemaOf(given: Json, at: string, depth = 0): Json {
  if (depth > depthMax) refuse(at, 'Nest the schema less deeply.');
  const schema = camelCased(given, at);
  allowOnly(schema, fields, at);
  const converted: Record<string, unknown> = {};
  const type = typeof schema.type === 'string' ? schema.type.toLowerCase() : undefined;
  const isNullable = schema.nullable === true;
  if (type !== undefined) converted.type = isNullable ? [type, 'null'] : type;
  for (const name of copied) {
    if (schema[name] !== undefined) converted[name] = schema[name];
  }
  if (isNullable && Array.isArray(schema.enum)) converted.enum = [...schema.enum, null];
  for (const name of counts) {
    if (schema[name] !== undefined) converted[name] = Number(schema[name]);
  }
  // "enum" is no format to anyone else.
  if (schema.format !== undefined && schema.format !== 'enum') converted.format = schema.format;
  if (schema.items !== undefined) {
    converted.items = jsonSchemaOf(
      readRecord(schema.items, join(at, 'items')),
      join(at, 'items'),
      depth + 1,
    );
  }
  if (schema.anyOf !== undefined) {
    converted.anyOf = readList(schema.anyOf, join(at, 'anyOf')).map((one, index) => {
      const oneAt = join(at, `anyOf.${index}`);
      return jsonSchemaOf(readRecord(one, oneAt), oneAt, depth + 1);
    });
  }
  if (isRecord(schema.properties)) {
    converted.properties = propertiesOf(schema.properties, join(at, 'properties'), depth);
    // Gemini writes no others.
    converted.additionalProperties = false;
  }
  return converted;
}

function propertiesOf(properties: Json, at: string, depth: number): Json {
  const entries = Object.entries(properties).map(([name, value]) => {
    const propertyAt = join(at, name.slice(0, 100));
    return [name, jsonSchemaOf(readRecord(value, propertyAt), propertyAt, depth + 1)] as const;
  });
  return Object.fromEntries(entries);
}
