import type { JsonObject } from '#domain/json.ts';
import type { StageName } from '#lib/config/stages.ts';

interface DeployedStack {
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
}

/** What a deployment has to know of the account that it goes to, and tells it. Nothing here changes a thing. */
export interface Account {
  /** Whose credentials these are, and for where. @throws where there are none */
  identity(): Promise<{ readonly account: string; readonly region: string }>;
  /** Undefined where there is no such stack. */
  findStack(name: string): Promise<DeployedStack | undefined>;
  /** Of a stack that is there. */
  readTemplate(stack: string): Promise<JsonObject>;
  /** How many Lambda environments the account may have, and how many of them nobody has reserved. */
  readConcurrency(): Promise<{ readonly limit: number; readonly unreserved: number }>;
  /** Undefined where there is no such certificate. */
  findCertificate(
    arn: string,
  ): Promise<{ readonly status: string; readonly names: readonly string[] } | undefined>;
  hasObject(bucket: string, key: string): Promise<boolean>;
  /** Says once that a deployment of the stage runs: alarms that one would set off wake nobody meanwhile. */
  announce(stage: StageName): Promise<void>;
}
