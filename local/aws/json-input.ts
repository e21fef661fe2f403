import { isObject, type JsonObject } from '#domain/json.ts';

/** A request that does not have the form that the service's model gives it. */
export class MalformedInputError extends Error {
  override readonly name = 'MalformedInputError';
}

/** The members of a request, read by type. */
export class JsonInput {
  readonly #members: JsonObject;

  constructor(members: JsonObject) {
    this.#members = members;
  }

  text(name: string): string {
    return this.optionalText(name) ?? missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.#members[name];
    return value === undefined || value === null || typeof value === 'string'
      ? (value ?? undefined)
      : malformed(name, 'a string');
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#members[name];
    return value === undefined || value === null || typeof value === 'number'
      ? (value ?? undefined)
      : malformed(name, 'a number');
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#members[name];
    return value === undefined || value === null || typeof value === 'boolean'
      ? (value ?? undefined)
      : malformed(name, 'a boolean');
  }

  /** Empty where there are none. */
  texts(name: string): readonly string[] {
    return this.#list(name).map((each) =>
      typeof each === 'string' ? each : malformed(name, 'a list of strings'),
    );
  }

  objects(name: string): readonly JsonInput[] {
    return this.#list(name).map((each) =>
      isObject(each) ? new JsonInput(each) : malformed(name, 'a list of structures'),
    );
  }

  /** The entries of a map of structures. */
  entries(name: string): readonly (readonly [string, JsonInput])[] {
    return Object.entries(this.#object(name)).map(([key, value]) => [
      key,
      isObject(value) ? new JsonInput(value) : malformed(name, 'a map of structures'),
    ]);
  }

  /** A map of strings. */
  textMap(name: string): Readonly<Record<string, string>> {
    const entries = Object.entries(this.#object(name)).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : malformed(name, 'a map of strings'),
    ]);
    return Object.fromEntries(entries);
  }

  #object(name: string): JsonObject {
    const value = this.#members[name] ?? {};
    return isObject(value) ? value : malformed(name, 'a map');
  }

  #list(name: string): readonly unknown[] {
    const value = this.#members[name] ?? [];
    return Array.isArray(value) ? value : malformed(name, 'a list');
  }
}

function missing(name: string): never {
  throw new MalformedInputError(`The request must contain the parameter ${name}.`);
}

function malformed(name: string, form: string): never {
  throw new MalformedInputError(`The parameter ${name} must be ${form}.`);
}
