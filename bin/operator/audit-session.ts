import { randomUUID } from 'node:crypto';
import type { ActionEnd, OperatorAction } from '#app/ports/audit-trail.ts';
import type { TenantId } from '#domain/ids.ts';
import type { Effect } from './command-effects.ts';
import type { Application, Connect } from './connect.ts';
import { explainError } from './explain-error.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { readingOnly } from './reading-only.ts';
import type { Target } from './target.ts';

/** What a command is about, as far as it knows before it has reached the application. */
export interface About {
  readonly tenant?: TenantId | undefined;
  /** Pseudonym of the contact or message. */
  readonly subject?: string | undefined;
  /** Names of what is to be changed. */
  readonly fields?: readonly string[];
}

/** What a command knows only once it has done something. */
export type Done = Partial<Pick<ActionEnd, 'changed' | 'chats'>>;

/** The application as a command has it. */
export interface AuditedApplication extends Application {
  /** Goes into the audit trail when the command has ended. */
  note(done: Done): void;
}

/** The command that runs. */
export interface Running {
  readonly command: string;
  readonly effect: Effect;
  /** Names of the options that were given. */
  readonly options: readonly string[];
}

/**
 * The one way from a command to the application. Of a command that only reads it takes the rest away;
 * of any other it records who does what before the command has the application, and then what came of
 * it: so nothing is done of which there is no record.
 */
export class AuditSession {
  readonly #connect: Connect;
  readonly #newId: () => string;
  #running: Running | undefined;
  #open: { readonly application: Application; readonly action: OperatorAction } | undefined;
  #done: Done = {};

  constructor(connect: Connect, newId: () => string = randomUUID) {
    this.#connect = connect;
    this.#newId = newId;
  }

  start(running: Running): void {
    this.#running = running;
  }

  /** @throws OperatorError where it cannot be recorded; nothing is done then */
  async connect(target: Target, about: About = {}): Promise<AuditedApplication> {
    const running = this.#running;
    if (!running) throw new RangeError('No command has been started');
    const application = await this.#connect(target);
    const note = (done: Done) => {
      this.#done = { ...this.#done, ...done };
    };
    if (isReading(running)) return { ...readingOnly(application), note };
    const action = await this.#begin(application, running, about);
    this.#open = { application, action };
    // It is needed once more, for the end.
    return { ...application, note, close: () => {} };
  }

  async #begin(
    application: Application,
    { command, options }: Running,
    { tenant, subject, fields = [] }: About,
  ): Promise<OperatorAction> {
    try {
      const by = await application.whoCalls();
      const beganAtMs = await application.audit.now();
      const id = this.#newId();
      const action = { id, beganAtMs, by, command, tenant, subject, options, fields };
      await application.audit.begin(action);
      return action;
    } catch (error) {
      application.close();
      throw unrecorded(error);
    }
  }

  /**
   * To be called when the command has ended.
   * @throws OperatorError where that cannot be recorded
   */
  async end(ended: Pick<ActionEnd, 'outcome' | 'error'>): Promise<void> {
    if (!this.#open) return;
    const { application, action } = this.#open;
    const { changed = [], chats = [] } = this.#done;
    try {
      const endedAtMs = await application.audit.now();
      await application.audit.end(action, { endedAtMs, ...ended, changed, chats });
    } catch (cause) {
      throw new OperatorError(
        `The command has ended, but that could not be recorded in the audit trail, which has only its beginning: ${explainError(cause).message}`,
        { cause },
      );
    } finally {
      application.close();
    }
  }
}

function isReading({ effect, options }: Running): boolean {
  return effect === 'reads' || (effect === 'audited-with-text' && !options.includes('--text'));
}

function unrecorded(cause: unknown): OperatorError {
  const known = explainError(cause);
  const message = `Nothing was done, since it could not be recorded in the audit trail: ${known.message}`;
  return known instanceof UsageError
    ? new UsageError(message, { cause })
    : new OperatorError(message, { cause });
}
