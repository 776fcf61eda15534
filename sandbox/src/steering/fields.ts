/** Reads how a test bends something: JSON, field by field, refused by name. */
import { RequestError } from '../http/exchange.ts';

export type FieldCheck = (value: unknown) => boolean;

/** @throws RequestError for a field that is unknown, or a value that it cannot have. */
export function readSteeringFields<T extends object>(
  input: Record<string, unknown>,
  fields: Readonly<Record<keyof T, FieldCheck>>,
): T {
  for (const [name, value] of Object.entries(input)) {
    const isAllowed = Object.hasOwn(fields, name) ? fields[name as keyof T] : undefined;
    if (!isAllowed) throw new RequestError(400, `There is no steering field \`${name}\`.`);
    if (!isAllowed(value))
      throw new RequestError(400, `\`${name}\` cannot be ${JSON.stringify(value)}.`);
  }
  return input as T;
}

export function oneOf(...values: string[]): FieldCheck {
  return (value) => values.some((allowed) => allowed === value);
}

export function integer(min: number, max: number): FieldCheck {
  return (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

export const isString: FieldCheck = (value) => typeof value === 'string';
export const isBoolean: FieldCheck = (value) => typeof value === 'boolean';
