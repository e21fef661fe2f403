/** The variables that a function declares in its `config.ts`, as the stack has to provide them. */
export type EnvOf<Names extends readonly string[]> = { readonly [Name in Names[number]]: string };

/** Raised once per cold start; names what is missing and never prints a value. */
export class MissingEnvironmentError extends Error {
  override readonly name = 'MissingEnvironmentError';
}

/**
 * Reads the declared variables, all at once.
 * @throws MissingEnvironmentError listing every name that is absent or empty
 */
export function readEnv<const Names extends readonly string[]>(
  names: Names,
  source: Readonly<Record<string, string | undefined>> = process.env,
): EnvOf<Names> {
  if (!isComplete(source, names)) {
    const missing = names.filter((name) => !source[name]);
    throw new MissingEnvironmentError(
      `Set these environment variables on the function: ${missing.join(', ')}`,
    );
  }
  return source;
}

function isComplete<const Names extends readonly string[]>(
  source: Readonly<Record<string, string | undefined>>,
  names: Names,
): source is EnvOf<Names> {
  return names.every((name) => Boolean(source[name]));
}

/** An optional variable; empty counts as absent. */
export function readOptionalEnv(
  name: string,
  source: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return source[name] || undefined;
}

/** @throws MissingEnvironmentError when the variable holds none of these */
export function oneOf<const Allowed extends string>(
  name: string,
  value: string,
  allowed: readonly Allowed[],
): Allowed {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new MissingEnvironmentError(
    `Environment variable ${name} must be one of ${allowed.join(', ')}`,
  );
}

/** In milliseconds. @throws MissingEnvironmentError when the variable holds no ISO 8601 time with a zone */
export function isoTime(name: string, value: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new MissingEnvironmentError(
      `Environment variable ${name} must be a time such as 2026-11-26T12:00:00Z`,
    );
  }
  return ms;
}

/** @throws MissingEnvironmentError when the variable does not hold a positive whole number */
export function positiveInteger(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number <= 0) {
    throw new MissingEnvironmentError(`Environment variable ${name} must be a positive integer`);
  }
  return number;
}
