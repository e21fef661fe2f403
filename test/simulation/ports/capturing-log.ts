import type { Log, LogEvent, LogFields } from '#app/ports/log.ts';
import { errorFields } from '#runtime/error-fields.ts';

/** Customers' numbers, ids and words; tokens and secrets; wamids, which hold the number in base64. */
const SECRETS = /(?<![0-9a-f])346001\d{5}(?![0-9a-f])|ES\.9021|«|EAAG|app-secret|sk-sim|wamid\./;

export interface LogWatch {
  readonly leaked: (event: string, field: string) => void;
  readonly wrote: ((line: () => string) => void) | undefined;
}

/** Looks through everything that is logged for what must never be. */
export class CapturingLog implements Log {
  readonly #watch: LogWatch;
  readonly #fields: LogFields;

  constructor(watch: LogWatch, fields: LogFields = {}) {
    this.#watch = watch;
    this.#fields = fields;
  }

  with(fields: LogFields): CapturingLog {
    this.#look('with', fields);
    return new CapturingLog(this.#watch, { ...this.#fields, ...fields });
  }

  debug(event: LogEvent, fields?: LogFields): void {
    this.#write('debug', event, fields);
  }

  info(event: LogEvent, fields?: LogFields): void {
    this.#write('info', event, fields);
  }

  warn(event: LogEvent, fields?: LogFields): void {
    this.#write('warn', event, fields);
  }

  error(event: LogEvent, fields?: LogFields, error?: unknown): void {
    this.#write('error', event, fields);
    if (error === undefined) return;
    const { name, code, message, cause } = errorFields(error);
    this.#look(event, { name, code, message, cause: JSON.stringify(cause) });
    this.#watch.wrote?.(() => `  error ${name} ${message ?? ''}`);
  }

  #write(level: string, event: LogEvent, fields: LogFields = {}): void {
    this.#look(event, fields);
    this.#watch.wrote?.(
      () => `  log ${level} ${event} ${JSON.stringify({ ...this.#fields, ...fields })}`,
    );
  }

  #look(event: string, fields: LogFields): void {
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string' && SECRETS.test(value)) this.#watch.leaked(event, name);
    }
  }
}
