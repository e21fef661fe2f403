import { isErasedMemory } from '#domain/conversation/erasure.ts';
import type { Chat } from '#domain/ids.ts';
import { judgeBubbles } from './oracle/judge-bubbles.ts';
import { judgeCalm } from './oracle/judge-calm.ts';
import { judgeTimes } from './oracle/judge-times.ts';
import type { Violation } from './oracle/notebook.ts';
import { judgeMessages } from './oracle/verdict.ts';
import { BUSINESSES } from './people.ts';
import type { FaultName } from './plan/fault.ts';
import type { Schedule } from './plan/schedule.ts';
import type { Sabotage } from './sabotage/sabotage.ts';
import { HORIZON_MS, QUEUES, START_MS } from './settings.ts';
import { Stage } from './stage.ts';
import { World } from './world.ts';

export interface RunResult {
  readonly violations: readonly Violation[];
  readonly ambiguousResends: number;
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly metrics: ReadonlyMap<string, number>;
  /** How many calls of ports there were. */
  readonly calls: number;
}

export interface RunOptions {
  readonly sabotage?: Sabotage | undefined;
  /** Gets the trace, line by line. */
  readonly lines?: string[] | undefined;
}

/** After the repair of a business, its parked messages are rung this often. */
const MOST_REDRIVES = 3;

/** Far more than any schedule needs: code that goes round in circles is stopped here. */
const MOST_STEPS = 60_000;

/** Runs a schedule to its end, and judges what became of everything. A function of the schedule alone. */
export async function runSchedule(
  schedule: Schedule,
  { sabotage, lines }: RunOptions = {},
): Promise<RunResult> {
  const world = new World(schedule, sabotage, lines);
  const stage = new Stage(world);
  stage.start();
  await playOut(world);
  let redrives = 0;
  while (stage.isRepaired && redrives < MOST_REDRIVES && hasDeadLetters(world)) {
    redrives += 1;
    const atMs = Math.max(world.clock.now(), stage.outagesEndMs) + 60_000;
    world.clock.schedule(atMs, () => stage.redrive());
    await playOut(world);
  }
  const unfinished = await world.store.listUnfinished({
    acceptedBeforeMs: Number.POSITIVE_INFINITY,
    limit: 10,
  });
  // A failed bubble of a business that is closed for good stays where it is.
  if (unfinished.length > 0 && stage.isRepaired) {
    world.notebook.note('lost', `${unfinished.length} items are unfinished at the end`);
  }
  return judge(world, stage);
}

function hasDeadLetters({ sqs }: World): boolean {
  return sqs.peek(QUEUES.chatDeadLetters).length > 0;
}

/** Lets time pass until nothing is due any more. */
export async function playOut(
  { clock, trace, notebook }: World,
  mostSteps = MOST_STEPS,
): Promise<void> {
  let steps = 0;
  const endMs = Math.max(START_MS, clock.now()) + HORIZON_MS;
  for (let due = clock.nextDueMs; due !== undefined && due <= endMs; due = clock.nextDueMs) {
    steps += 1;
    if (steps > mostSteps) {
      notebook.note('other', 'it does not come to rest');
      return;
    }
    clock.advanceTo(due);
    // What ran now may have settled promises: all that follows from them happens at this same instant.
    await new Promise((resolve) => setImmediate(resolve));
  }
  trace?.(() => 'nothing is due');
}

function filesOf({ media }: World, chat: Chat): readonly number[] {
  const business = BUSINESSES.find((each) => each.phoneNumberId === chat.phoneNumberId);
  const files = business ? media.filesOf({ tenantId: business.tenantId, chat }) : [];
  return files.map(({ sentAtMs }) => sentAtMs);
}

/** In the end nothing is remembered of before an erasure. */
function judgeMemories({ store, notebook }: World): void {
  for (const { chat, head } of store.chats()) {
    const { revision, headVersion } = store.memories.of(chat);
    if (revision === '' || !isErasedMemory(headVersion, head.erasure)) continue;
    notebook.note('leaked', 'what is erased is remembered in the end');
  }
}

function judge(world: World, stage: Stage): RunResult {
  const { notebook, oracle, store, faults, metrics, calls } = world;
  judgeMessages({
    notebook,
    oracle,
    transcript: (chat) => store.transcript(chat),
    filesOf: (chat) => filesOf(world, chat),
    isRepaired: stage.isRepaired && !world.schedule.faults.some(({ kind }) => kind === 'purge'),
    businessWas: (business, state) => stage.businessWas(business, state),
  });
  judgeMemories(world);
  if (world.sqs.peek(QUEUES.eventDeadLetters).length === 0) oracle.bubbles.judgeStatuses();
  const ambiguousResends = judgeBubbles(notebook, oracle);
  judgeCalm(notebook, oracle, metrics);
  // What belongs to a business that stays closed is tried again and again.
  if (stage.isRepaired)
    judgeTimes(notebook, oracle, Math.max(faults.lastFaultAtMs, stage.lastOperationMs));
  return {
    violations: notebook.violations,
    ambiguousResends,
    faults: faults.totals,
    metrics,
    calls: calls.total,
  };
}
