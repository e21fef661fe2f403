import type { ModelClock } from '../clock.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';

export interface MoveTaskRequest {
  readonly sourceArn: string;
  /** Without one, each message goes back to the queue that it came from. */
  readonly destinationArn?: string | undefined;
  /** 1 to 500; without one, as fast as it goes. */
  readonly maxMessagesPerSecond?: number | undefined;
}

export interface MoveTask extends MoveTaskRequest {
  readonly handle: string;
  readonly startedAtMs: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly moved: number;
  readonly toMove: number;
  readonly failureReason?: string | undefined;
}

type RunningTask = { -readonly [Key in keyof MoveTask]: MoveTask[Key] };

export interface MoveTasksDeps {
  readonly clock: ModelClock;
  readonly ids: () => string;
  /** How many messages could be moved now. */
  readonly available: (queueArn: string) => number;
  /** Moves at most so many; `refused` where one of them has nowhere to go. */
  readonly move: (
    task: MoveTaskRequest,
    limit: number,
  ) => { readonly moved: number; readonly refused: boolean };
}

/**
 * Redrives of dead-letter queues. A moved message is a new one: it has a new id and age and was
 * received never
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html).
 */
export class MoveTasks {
  readonly #deps: MoveTasksDeps;
  /** Newest first. */
  readonly #tasks: RunningTask[] = [];
  readonly #cancels = new Map<RunningTask, () => void>();

  constructor(deps: MoveTasksDeps) {
    this.#deps = deps;
  }

  /** @throws SqsError while another task moves from the same queue, or for a rate out of range */
  start(request: MoveTaskRequest): string {
    const { sourceArn, maxMessagesPerSecond: rate } = request;
    if (this.#tasks.some((task) => task.sourceArn === sourceArn && task.status === 'RUNNING')) {
      throw new SqsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= 500)) {
      throw invalidParameter('MaxNumberOfMessagesPerSecond is 1 to 500');
    }
    const task: RunningTask = {
      ...request,
      handle: this.#deps.ids(),
      startedAtMs: this.#deps.clock.now(),
      status: 'RUNNING',
      moved: 0,
      toMove: this.#deps.available(sourceArn),
    };
    this.#tasks.unshift(task);
    this.#step(task);
    return task.handle;
  }

  list(sourceArn: string): readonly MoveTask[] {
    return this.#tasks.filter((task) => task.sourceArn === sourceArn);
  }

  /** @throws SqsError where no such task is running; returns how many messages it had moved */
  cancel(handle: string): number {
    const task = this.#tasks.find((each) => each.handle === handle && each.status === 'RUNNING');
    if (!task) throw new SqsError('ResourceNotFoundException', 'Task does not exist.');
    this.#end(task, 'CANCELLED');
    return task.moved;
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
  }

  #step(task: RunningTask): void {
    const limit = task.maxMessagesPerSecond ?? Number.POSITIVE_INFINITY;
    const { moved, refused } = this.#deps.move(task, limit);
    task.moved += moved;
    if (refused) {
      task.failureReason = 'CouldNotDetermineMessageSource';
      this.#end(task, 'FAILED');
    } else if (this.#deps.available(task.sourceArn) === 0) {
      this.#end(task, 'COMPLETED');
    } else {
      const nextMs = this.#deps.clock.now() + 1000;
      const cancel = this.#deps.clock.schedule(nextMs, () => this.#step(task));
      this.#cancels.set(task, cancel);
    }
  }

  #end(task: RunningTask, status: MoveTask['status']): void {
    this.#cancels.get(task)?.();
    this.#cancels.delete(task);
    task.status = status;
  }
}
