import type { ModelRequest } from '#app/ports/reply-model.ts';
import type { ModelAnswer } from '#local/model/model-answer.ts';
import { MODEL_ERRORS, MODEL_THROTTLES } from '#test/simulation/peers/model-answers.ts';
import { SimulatedModel } from '#test/simulation/peers/simulated-model.ts';
import { SimulationStage } from '#test/support/simulation-stage.ts';
import { describeReplyModel, type ModelStage } from './reply-model-suite.ts';

/** How the adapter's code begins for what the API would say to this. */
function codeOf(answer: ModelAnswer): string {
  switch (answer.kind) {
    case 'text':
      throw new Error('The simulated model chooses its own words');
    case 'refusal':
      return 'openai:refusal';
    case 'incomplete':
      return 'openai:incomplete';
    case 'failed':
      return `openai:${answer.code}`;
    case 'calls':
      return 'openai:empty';
    case 'insufficient-quota':
      return 'openai:insufficient_quota';
    case 'error':
      return `openai:${WORD_OF_STATUS[answer.status] ?? answer.status}`;
  }
}

const WORD_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
  500: 'server_error',
  503: 'server_is_overloaded',
};

/** Lets every call fail so, with the simulation's own answer to that. */
function failWith(stage: SimulationStage, code: string): void {
  const faults = { throttle: MODEL_THROTTLES, 'error-before': MODEL_ERRORS };
  for (const [fault, answers] of Object.entries(faults)) {
    const place = answers.findIndex((each) => {
      const reply = each.reply();
      return reply.kind === 'failed' && reply.failure.code.startsWith(code);
    });
    if (place === -1) continue;
    stage.faults.standing = fault === 'throttle' ? fault : 'error-before';
    stage.calls.chance = (place + 0.5) / answers.length;
    return;
  }
  throw new Error(`The simulated API never says ${code}`);
}

describeReplyModel('simulated', async (): Promise<ModelStage> => {
  const stage = new SimulationStage('error');
  const { environment, calls } = stage;
  const platform = { appSecrets: [], verifyTokens: [], openAiApiKey: 'key' };
  return {
    model: stage.driven(
      new SimulatedModel({
        secrets: { platform: async () => platform },
        environment,
        calls,
        asked: () => {},
        answered: () => {},
        lengthOf: () => 0,
      }),
    ),
    peer: {
      answerWith: (answer) => {
        stage.faults.standing = undefined;
        if (answer) failWith(stage, codeOf(answer));
      },
      setDown: (isDown) => {
        if (isDown) failWith(stage, 'openai:connection');
        else stage.faults.standing = undefined;
      },
      received: () =>
        stage.effected.map(({ args }) => {
          const { timeoutMs: _, ...asked } = args[0] as ModelRequest;
          return asked;
        }),
    },
    close: async () => {},
  };
});
