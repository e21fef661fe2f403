import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import { GraphError } from './graph-error.ts';

export function missing(path: string): GraphError {
  return new GraphError(131008, { details: `The parameter ${path} is required.` });
}

export function invalid(details: string): GraphError {
  return new GraphError(131009, { details });
}

export function requireObject(parent: JsonObject, key: string, path: string): JsonObject {
  const value = valueAt(parent, key);
  if (value === undefined || value === null) throw missing(path);
  if (!isObject(value)) throw invalid(`${path} must be an object.`);
  return value;
}

export interface LengthRule {
  readonly path: string;
  readonly max: number;
}

/** A required text of 1 to `max` characters. */
export function requireText(parent: JsonObject, key: string, { path, max }: LengthRule): string {
  const value = valueAt(parent, key);
  if (value === undefined || value === null) throw missing(path);
  if (typeof value !== 'string') throw invalid(`${path} must be a string.`);
  const length = [...value].length;
  if (length < 1 || length > max) {
    throw invalid(`${path} length invalid. Min length: 1, Max length: ${max}`);
  }
  return value;
}

export function optionalText(parent: JsonObject, key: string, rule: LengthRule): void {
  if (valueAt(parent, key) !== undefined) requireText(parent, key, rule);
}

export interface CountRule {
  readonly path: string;
  readonly min: number;
  readonly max: number;
}

/** A required list of objects within a count. */
export function requireList(
  parent: JsonObject,
  key: string,
  { path, min, max }: CountRule,
): readonly JsonObject[] {
  const value = valueAt(parent, key);
  if (value === undefined || value === null) throw missing(path);
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw invalid(`${path} must be a list of objects.`);
  }
  if (value.length < min || value.length > max) {
    throw invalid(`${path} count invalid. Min: ${min}, Max: ${max}`);
  }
  return value;
}

export function requireNumber(parent: JsonObject, key: string, path: string): number {
  const value = valueAt(parent, key);
  if (value === undefined || value === null) throw missing(path);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw invalid(`${path} must be a number.`);
  }
  return number;
}

export function requireUnique(values: readonly string[], what: string): void {
  if (new Set(values).size !== values.length) throw invalid(`${what} must be unique.`);
}
