import { OpenAiReplyModel } from '#adapters/openai/open-ai-reply-model.ts';
import { textAt } from '#domain/json.ts';
import { Callers } from '#local/callers.ts';
import { realClock } from '#local/clock.ts';
import { Faults } from '#local/faults.ts';
import { ScriptedModel } from '#local/model/scripted-model.ts';
import { type PeerBehaviour, startPeerServer } from '#local/peer-server.ts';
import { LostAnswers } from '#test/support/lost-answers.ts';
import { describeModelApi, describeReplyModel, type ModelStage } from './reply-model-suite.ts';

async function startStage(): Promise<ModelStage> {
  const scripted = new ScriptedModel({ clock: realClock() });
  const connections = new LostAnswers();
  const losing: PeerBehaviour = {
    peerOf: () => 'openai',
    refuse: (fault) => scripted.refuse(fault),
    respond: (request) => connections.around(() => scripted.respond(request)),
  };
  const faults = new Faults();
  const server = await startPeerServer(losing, { faults, callers: new Callers(faults) });
  return {
    model: new OpenAiReplyModel({
      baseUrl: `${server.url}/v1`,
      secrets: {
        platform: async () => ({ appSecrets: [], verifyTokens: [], openAiApiKey: 'key' }),
        refreshPlatform: async () => false,
      },
    }),
    peer: {
      answerWith: (answer) => {
        scripted.script = () => answer;
      },
      setDown: (isDown) => {
        connections.isCut = isDown;
      },
      received: () =>
        scripted.requests.map(({ model, instructions, safetyIdentifier, input, body }) => ({
          model,
          instructions,
          safetyIdentifier,
          cacheKey: textAt(body, 'prompt_cache_key'),
          conversation: input.map(({ role, text }) => ({
            role: role === 'user' ? 'customer' : 'assistant',
            text,
          })),
        })),
    },
    close: server.close,
  };
}

describeReplyModel('OpenAI', startStage);
describeModelApi('OpenAI', startStage);
