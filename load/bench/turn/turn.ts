import type { FunctionProcess } from '../function/function-process.ts';
import { functionOf, startFunction } from '../function/start-function.ts';
import { inScene, type Scene } from '../scene.ts';
import type { Benchmark, How } from '../section.ts';
import type { StandIns } from '../stand-ins/start-stand-ins.ts';
import { median } from '../statistics.ts';
import { checkTurns, type TurnCalls } from './turn-calls.ts';
import { BATCHES, type Measured, SUBJECTS, type Subject, turnSection } from './turn-section.ts';

/** What a turn costs beside the model, in an environment of the processor that has had many. */
export const turn: Benchmark = {
  name: 'turn',
  run: (how) => inScene(how, async (scene) => turnSection(await measure(scene, how))),
};

/** Each chat has had so many turns before it is measured; by then the SDK's ways are compiled. */
const EARLIER_TURNS = 4;
const CHATS = 40;
const BLOCKS = 4;
/** Of a block, by batch. */
const INVOCATIONS = [10, 3] as const;

async function measure(scene: Scene, how: How): Promise<Measured> {
  const measured: Measured = {
    ours: BATCHES.map(() => ({ cpuMs: [], wallMs: [] })),
    floor: BATCHES.map(() => ({ cpuMs: [], wallMs: [] })),
    calls: { ours: {}, floor: {} },
  };
  const rounds = Math.ceil(how.runs / 3);
  for (let round = 0; round < rounds; round += 1) {
    how.say(`turns: round ${round + 1} of ${rounds}`);
    await measureRound(scene, measured);
  }
  return measured;
}

/** Both side by side, in turns, so that whatever else the machine does meets both. */
async function measureRound(scene: Scene, measured: Measured): Promise<void> {
  const processor = functionOf(scene, 'processor');
  const runners = {
    ours: new Runner(await startFunction(scene, processor), scene.standIns),
    floor: new Runner(
      await startFunction(scene, scene.floors.in(processor, 'processor')),
      scene.standIns,
    ),
  };
  for (const subject of SUBJECTS) await runners[subject].warmUp();
  for (const [nth, chats] of BATCHES.entries()) {
    const blocks: Record<Subject, Block[]> = { ours: [], floor: [] };
    for (let block = 0; block < BLOCKS; block += 1) {
      for (const subject of SUBJECTS) {
        blocks[subject].push(await runners[subject].block(chats, INVOCATIONS[nth] ?? 1));
      }
    }
    for (const subject of SUBJECTS) {
      measured[subject][nth]?.cpuMs.push(median(blocks[subject].map(({ cpuMs }) => cpuMs)));
      measured[subject][nth]?.wallMs.push(median(blocks[subject].map(({ wallMs }) => wallMs)));
    }
  }
  for (const subject of SUBJECTS) measured.calls[subject] = runners[subject].callsOfATurn;
  await Promise.all(SUBJECTS.map((subject) => runners[subject].stop()));
}

/** Of one invocation, the middle of a few. */
interface Block {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** The floor writes heads of its own form: nobody writes to both. */
let customers = 0;

/** An environment, and the chats that only it answers. */
class Runner {
  callsOfATurn: TurnCalls = {};
  readonly #running: FunctionProcess;
  readonly #standIns: StandIns;
  readonly #chats: readonly number[];
  #next = 0;

  constructor(running: FunctionProcess, standIns: StandIns) {
    this.#running = running;
    this.#standIns = standIns;
    this.#chats = Array.from({ length: CHATS }, (_, nth) => customers + nth);
    customers += CHATS;
  }

  /** Each chat gets its head and a history, half of it alone and half in company. */
  async warmUp(): Promise<void> {
    for (let earlier = 0; earlier < EARLIER_TURNS; earlier += 1) {
      const inABatch = earlier % 2 === 0 ? 1 : 10;
      for (let done = 0; done < CHATS; done += inABatch) await this.#answer(inABatch);
    }
  }

  /** The same batch so many times, each time of other chats. */
  async block(chats: number, invocations: number): Promise<Block> {
    const spent: Block[] = [];
    for (let nth = 0; nth < invocations; nth += 1) spent.push(await this.#answer(chats));
    return {
      cpuMs: spent.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / spent.length,
      wallMs: median(spent.map(({ wallMs }) => wallMs)),
    };
  }

  stop(): Promise<void> {
    return this.#running.stop();
  }

  async #answer(chats: number): Promise<Block> {
    const writing = Array.from(
      { length: chats },
      (_, nth) => this.#chats[(this.#next + nth) % CHATS] ?? 0,
    );
    this.#next += chats;
    const event = await this.#standIns.ring(writing);
    await this.#standIns.takeCalls();
    const spent = await this.#running.invoke(event);
    const calls = await this.#standIns.takeCalls();
    checkTurns(calls, chats, spent);
    if (chats === 1) this.callsOfATurn = calls;
    return spent;
  }
}
