import { setTimeout as sleep } from 'node:timers/promises';
import type { Callers } from '../callers.ts';
import type { LocalCloud } from '../cloud/local-cloud.ts';
import type { Faults } from '../faults.ts';
import { putBack, type TableSnapshot, takeSnapshot } from './table-snapshot.ts';

/** What a process that was just ended had on its way to a table arrives within this. */
const IN_FLIGHT_MS = 250;
const EVERY_CALL = 1_000_000_000;

/**
 * Tables as they were a while ago, in the place of the tables: as `docs/runbooks/restore.md` does it in the
 * cloud, where restored tables have other names and the functions are deployed anew.
 */
export class TableRestores {
  readonly #faults: Faults;
  readonly #callers: Callers;
  #until: string | undefined;

  constructor({ faults, callers }: { readonly faults: Faults; readonly callers: Callers }) {
    this.#faults = faults;
    this.#callers = callers;
  }

  /** What a function is told by its stage's configuration. */
  variablesOf(functionName: string): Readonly<Record<string, string>> {
    return functionName === 'processor' && this.#until !== undefined
      ? { RESTORED_UNTIL: this.#until }
      : {};
  }

  snapshot({ dynamodb }: LocalCloud): Promise<TableSnapshot> {
    return takeSnapshot(dynamodb);
  }

  /** Until the restore the tables are gone: every call to them fails, and ingest refuses webhooks. */
  loseTables(): void {
    this.#faults.arm('dynamodb', { kind: 'status', status: 500 }, EVERY_CALL);
  }

  /**
   * 1. The tables are gone, and every function ends: nothing more is written to the old ones.
   * 2. The snapshot takes their place.
   * 3. Functions start anew; the processor is told since when. Then the tables serve again.
   * @returns since when
   */
  async restore(cloud: LocalCloud, snapshot: TableSnapshot): Promise<Date> {
    this.#faults.disarm('dynamodb');
    this.loseTables();
    this.#endFunctions(cloud);
    await sleep(IN_FLIGHT_MS);
    await putBack(cloud.dynamodb, snapshot);
    const until = new Date();
    this.#until = until.toISOString();
    this.#endFunctions(cloud);
    this.#faults.disarm('dynamodb');
    return until;
  }

  #endFunctions({ functions }: LocalCloud): void {
    for (const name of functions.keys()) this.#callers.killSome(name, 'all', EVERY_CALL);
  }
}
