import { parseArgs } from 'node:util';
import { PromptCache, promptOf, tokensIn } from '../../local/model/prompt-cache.ts';
import { rememberChat } from '../../src/app/remember-chat.ts';
import { DEFAULT_MEMORY } from '../../src/domain/tenant/memory-settings.ts';
import { aTenant, aTextMessage } from '../../test/support/builders.ts';
import { ChatWorld } from '../../test/support/chat-world.ts';
import { ScriptedMemoryModel } from '../../test/support/scripted-memory-model.ts';

/**
 * How much of the prompts of one long conversation a provider's cache has, turn for turn: the real code on
 * ports in memory, with a model of the cache (a prompt's longest known beginning, from 1,024 tokens on, in
 * steps of 128). With the summary, the history begins where that ends and stays until the next fold;
 * without, the oldest message leaves with every turn.
 */
const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '120' },
    instructions: { type: 'string', default: '1000' },
  },
});

const LETTERS_PER_TOKEN = 4;
const SENTENCE = 'Would you keep two loaves of the dark one for me until the evening, please? ';
const SUMMARY = 'They asked for loaves, and were told that there are some. '.repeat(12);

/** Nobody is answered more often. */
const PAUSE_MS = 10_000;

async function converse(summary: boolean, turns: number, instructionTokens: number) {
  const world = new ChatWorld();
  const instructions = 'Be kind. '.repeat((instructionTokens * LETTERS_PER_TOKEN) / 9);
  const tenant = aTenant({ instructions, memory: { ...DEFAULT_MEMORY, summary } });
  world.tenant = tenant;
  const memoryModel = new ScriptedMemoryModel();
  memoryModel.summary = { kind: 'said', said: SUMMARY, usage: undefined };
  for (let turn = 0; turn < turns; turn += 1) {
    world.clock.advance(PAUSE_MS);
    const timestamp = String(Math.floor(world.clock.now() / 1_000));
    await world.accept(aTextMessage(`${turn}: ${SENTENCE}`, { id: `wamid.${turn}`, timestamp }));
    await world.answer();
    const job = world.jobs.sent.at(-1)?.job;
    if (job?.kind !== 'memory') continue;
    const work = { attempt: 1, time: { remainingMs: () => 40_000 }, log: world.log };
    const { memories } = world.store;
    await rememberChat(job, work, { ...world.deps, memories, memoryModel });
  }
  return shareOf(world);
}

function shareOf({ model }: ChatWorld) {
  const cache = new PromptCache();
  let [all, cached] = [0, 0];
  for (const { model: name, instructions, conversation, cacheKey } of model.requests) {
    const input = conversation.map(({ text }) => ({
      role: 'user' as const,
      type: 'message',
      text,
    }));
    const body = { model: name, prompt_cache_key: cacheKey };
    const request = { model: name, instructions, safetyIdentifier: undefined, input, body };
    all += tokensIn(promptOf(request));
    cached += cache.read(request);
  }
  return { turns: model.requests.length, tokens: all, cached, share: cached / all };
}

const [turns, instructionTokens] = [Number(values.turns), Number(values.instructions)];
process.stdout.write(`One chat, instructions of ${instructionTokens} tokens:\n`);
for (const summary of [true, false]) {
  const { tokens, cached, share } = await converse(summary, turns, instructionTokens);
  const what = summary ? 'history from the summary on' : 'history that slides       ';
  process.stdout.write(
    `${what}: ${cached} of ${tokens} tokens cached, ${(100 * share).toFixed(1)} %\n`,
  );
}
