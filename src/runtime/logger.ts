import { Logger } from '@aws-lambda-powertools/logger';
import type { Log, LogEvent, LogFields } from '#app/ports/log.ts';
import { errorFields } from './error-fields.ts';

/** The part of Powertools' logger that is used. */
export type LogSink = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on standard output, one per event; service name and level come from POWERTOOLS_* variables. */
export class PowertoolsLog implements Log {
  readonly #sink: LogSink;
  readonly #fields: LogFields;

  constructor(sink: LogSink, fields: LogFields = {}) {
    this.#sink = sink;
    this.#fields = fields;
  }

  with(fields: LogFields): PowertoolsLog {
    return new PowertoolsLog(this.#sink, { ...this.#fields, ...fields });
  }

  debug(event: LogEvent, fields?: LogFields): void {
    this.#sink.debug(event, { ...this.#fields, ...fields });
  }

  info(event: LogEvent, fields?: LogFields): void {
    this.#sink.info(event, { ...this.#fields, ...fields });
  }

  warn(event: LogEvent, fields?: LogFields): void {
    this.#sink.warn(event, { ...this.#fields, ...fields });
  }

  error(event: LogEvent, fields?: LogFields, error?: unknown): void {
    const reduced = error === undefined ? {} : { error: errorFields(error) };
    this.#sink.error(event, { ...this.#fields, ...fields, ...reduced });
  }
}

export function createLog(): PowertoolsLog {
  return new PowertoolsLog(new Logger());
}
