import { expect, test } from 'vitest';
import { OpenAiMemoryModel } from '#adapters/openai/open-ai-memory-model.ts';
import { Callers } from '#local/callers.ts';
import { realClock } from '#local/clock.ts';
import { Faults } from '#local/faults.ts';
import type { ModelAnswer } from '#local/model/model-answer.ts';
import { ScriptedModel } from '#local/model/scripted-model.ts';
import { type PeerBehaviour, startPeerServer } from '#local/peer-server.ts';
import { LostAnswers } from '#test/support/lost-answers.ts';
import { describeMemoryModel, type MemoryModelStage } from './memory-model-suite.ts';

const ANSWERS: Readonly<Record<string, ModelAnswer>> = {
  busy: { kind: 'error', status: 503 },
  refusal: { kind: 'refusal', text: 'I cannot.' },
};

async function startStage(): Promise<MemoryModelStage & { readonly scripted: ScriptedModel }> {
  const scripted = new ScriptedModel({ clock: realClock() });
  const connections = new LostAnswers();
  const losing: PeerBehaviour = {
    peerOf: () => 'memory-model',
    refuse: (fault) => scripted.refuse(fault),
    respond: (request) => connections.around(() => scripted.respond(request)),
  };
  const faults = new Faults();
  const server = await startPeerServer(losing, { faults, callers: new Callers(faults) });
  return {
    scripted,
    model: new OpenAiMemoryModel({
      baseUrl: `${server.url}/v1`,
      secrets: {
        platform: async () => ({ appSecrets: [], verifyTokens: [], openAiApiKey: 'key' }),
        refreshPlatform: async () => false,
      },
    }),
    fail: (how) => {
      connections.isCut = how === 'no-connection';
      scripted.script = () => (how === undefined ? undefined : ANSWERS[how]);
    },
    close: server.close,
  };
}

describeMemoryModel('OpenAI', startStage);

test('OpenAI is asked so that it keeps nothing, and knows abuse by the chat’s pseudonym', async () => {
  const { model, scripted, close } = await startStage();
  const request = {
    model: 'gpt-6-luna',
    instructions: 'Keep notes.',
    data: 'New messages:\n0. customer: I like rye',
    maxOutputTokens: 2_500,
    safetyIdentifier: 'chat-1',
    timeoutMs: 20_000,
  };
  await model.extract(request);
  await model.summarise(request);
  expect(scripted.memoryRequests.map(({ body }) => body)).toMatchObject([
    {
      store: false,
      safety_identifier: 'chat-1',
      text: { format: { name: 'memory', strict: true } },
    },
    {
      store: false,
      safety_identifier: 'chat-1',
      text: { format: { name: 'summary', strict: true } },
    },
  ]);
  await close();
});
