import type { Log, LogEvent, LogFields } from '#app/ports/log.ts';

/** The adapters' log, of which a command only tells why something failed in the end. */
export class LastErrorLog implements Log {
  lastError: unknown;

  with(): LastErrorLog {
    return this;
  }

  debug(): void {}

  info(): void {}

  warn(): void {}

  error(_event: LogEvent, _fields?: LogFields, error?: unknown): void {
    this.lastError = error;
  }
}
