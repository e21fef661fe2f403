import type { TenantId } from '#domain/ids.ts';
import type { Log, LogEvent, LogFields } from './ports/log.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';

interface Named {
  readonly log: Log;
  readonly tenants: TenantDirectory;
}

/**
 * What the work on one chat is given, with a log that names the chat's tenant on every line from when the
 * directory has told it: also on the lines of whoever deals with a failure, and has no tenant at hand.
 */
export function nameTenant<Deps extends Named>(deps: Deps): Deps {
  let tenantId: TenantId | undefined;
  const tenants: TenantDirectory = {
    findByPhoneNumber: async (phoneNumberId) => {
      const found = await deps.tenants.findByPhoneNumber(phoneNumberId);
      if (found && found !== 'misconfigured') tenantId = found.id;
      return found;
    },
  };
  const log = new LateLog(() => (tenantId === undefined ? deps.log : deps.log.with({ tenantId })));
  return { ...deps, tenants, log };
}

/** Looks up its fields with each line. */
class LateLog implements Log {
  readonly #log: () => Log;

  constructor(log: () => Log) {
    this.#log = log;
  }

  with(fields: LogFields): Log {
    return new LateLog(() => this.#log().with(fields));
  }

  debug(event: LogEvent, fields?: LogFields): void {
    this.#log().debug(event, fields);
  }

  info(event: LogEvent, fields?: LogFields): void {
    this.#log().info(event, fields);
  }

  warn(event: LogEvent, fields?: LogFields): void {
    this.#log().warn(event, fields);
  }

  error(event: LogEvent, fields?: LogFields, error?: unknown): void {
    this.#log().error(event, fields, error);
  }
}
