import { TemplateError } from './template-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Resolved properties of one resource, read by type; every complaint names the logical id. */
export class Properties {
  readonly logicalId: string;
  readonly raw: JsonObject;

  constructor(logicalId: string, raw: JsonObject) {
    this.logicalId = logicalId;
    this.raw = raw;
  }

  /** @throws TemplateError for a property outside the list: it would be ignored, and is not in the cloud */
  allowOnly(known: readonly string[]): void {
    const unknown = Object.keys(this.raw).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw new TemplateError(
      this.logicalId,
      `the property ${unknown} is unknown to the local cloud; leave it out or teach it to local/`,
    );
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.raw[name];
    if (value === undefined || typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : this.#wrong(name, 'a string');
  }

  /** CloudFormation takes a number or its text. */
  optionalNumber(name: string): number | undefined {
    const value = this.raw[name];
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number)
      ? number
      : this.#wrong(name, 'a number');
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.raw[name];
    if (value === undefined || typeof value === 'boolean') return value;
    return value === 'true' || value === 'false' ? value === 'true' : this.#wrong(name, 'a flag');
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((each) =>
      typeof each === 'string' ? each : this.#wrong(name, 'a list of strings'),
    );
  }

  object(name: string): Properties {
    return this.optionalObject(name) ?? this.#missing(name);
  }

  optionalObject(name: string): Properties | undefined {
    const value = this.raw[name];
    if (value === undefined) return undefined;
    return isObject(value) ? new Properties(this.logicalId, value) : this.#wrong(name, 'an object');
  }

  objects(name: string): readonly Properties[] {
    return this.#list(name).map((each) =>
      isObject(each)
        ? new Properties(this.logicalId, each)
        : this.#wrong(name, 'a list of objects'),
    );
  }

  #list(name: string): readonly unknown[] {
    const value = this.raw[name] ?? [];
    return Array.isArray(value) ? value : this.#wrong(name, 'a list');
  }

  #missing(name: string): never {
    throw new TemplateError(this.logicalId, `the property ${name} is missing`);
  }

  #wrong(name: string, expected: string): never {
    throw new TemplateError(this.logicalId, `the property ${name} is not ${expected}`);
  }
}
