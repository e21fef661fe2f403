import type { RestoreDeps } from '../../bin/restore/aws.ts';
import { BackupVaultModel } from './control-plane/backup-vault.ts';
import { DynamoControl } from './control-plane/dynamo-control.ts';
import { StackModel } from './control-plane/stack-model.ts';

interface SdkCommand {
  readonly input: object;
  readonly constructor: { readonly name: string };
}

/** When a call dies: before it does anything, or after it has done it, when only the answer is lost. */
export interface Failure {
  /** The how-manieth call of all. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What an interrupted call throws: nobody's error, so nobody handles it. */
export class Interrupted extends Error {}

/**
 * The parts of AWS that a restore talks to, behaving as AWS documents them: a restored table comes without
 * its settings, things take a while, and what takes a while refuses the next change. Its clock moves when
 * somebody sleeps.
 */
export class ControlPlane {
  nowMs = Date.parse('2026-11-26T04:30:00Z');
  readonly said: string[] = [];
  readonly calls: string[] = [];
  readonly dynamo = new DynamoControl(() => this.nowMs);
  readonly vault = new BackupVaultModel(this.dynamo);
  readonly stacks = new StackModel(() => this.nowMs);
  failure: Failure | undefined;

  deps(): RestoreDeps {
    const client = (service: object) => ({
      send: async (command: SdkCommand) =>
        this.#call(service, command.constructor.name.replace(/Command$/, ''), command.input),
    });
    return {
      dynamodb: client(this.dynamo) as never,
      backup: client(this.vault) as never,
      lambda: client(this.stacks) as never,
      cloudFormation: client(this.stacks) as never,
      now: () => new Date(this.nowMs),
      sleep: async (seconds) => {
        this.nowMs += seconds * 1000;
        this.dynamo.tick();
        this.vault.tick();
        this.stacks.tick();
      },
      say: (line) => void this.said.push(line),
    };
  }

  #call(service: object, operation: string, input: object): unknown {
    this.calls.push(operation);
    const isHit = this.failure?.call === this.calls.length;
    if (isHit && this.failure?.when === 'before') throw new Interrupted(operation);
    const method: unknown = Reflect.get(service, operation);
    if (typeof method !== 'function') throw new Error(`The control plane has no ${operation}`);
    try {
      return method.call(service, input);
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: the answer is lost, whether it was one or an error
      if (isHit) throw new Interrupted(operation);
    }
  }
}
