/** Names of the errors that this project writes itself: their messages hold no customer's words. */
const OWN_ERRORS: ReadonlySet<string> = new Set([
  'MissingEnvironmentError',
  'NewerVersionError',
  'NoCredentialsError',
  'QueueRefusedError',
  'SealBrokenError',
  'SecretUnavailableError',
  'StoredRecordError',
]);

/** What of an error may be logged. */
export interface ErrorFields {
  readonly name: string;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** Frames only: the first lines of a stack repeat the message. */
  readonly stack?: string | undefined;
  readonly cause?: ErrorFields | undefined;
}

/** Reduces an error to what cannot carry a customer's text or a token: others' messages are left out. */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    code: codeOf(error),
    message: OWN_ERRORS.has(error.name) ? error.message : undefined,
    stack: framesOf(error),
    cause:
      error.cause === undefined || depth >= 3 ? undefined : errorFields(error.cause, depth + 1),
  };
}

function codeOf(error: Error): string | undefined {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

function framesOf(error: Error): string | undefined {
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return frames && frames.length > 0 ? frames.slice(0, 12).join('\n') : undefined;
}
