import type { JsonObject } from '#domain/json.ts';

/** A line that a function logged. */
export interface LoggedLine {
  readonly atMs: number;
  readonly service: string;
  /** One of the closed list. */
  readonly event: string;
  readonly level: string;
  readonly fields: JsonObject;
}

/** What is looked for: lines in which any of these fields has this value. */
export interface LogQuestion {
  readonly anyOf: readonly (readonly [field: string, value: string])[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** The functions' logs. */
export interface LogSearch {
  /** Oldest first. A line that was just written may not be found yet. */
  search(question: LogQuestion): Promise<readonly LoggedLine[]>;
}
