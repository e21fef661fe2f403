import { MODEL_ERRORS } from '#test/simulation/peers/model-answers.ts';
import { SimulatedMemoryModel } from '#test/simulation/peers/simulated-memory-model.ts';
import { SimulationStage } from '#test/support/simulation-stage.ts';
import { describeMemoryModel } from './memory-model-suite.ts';

const CODES = {
  busy: 'openai:server_is_overloaded',
  refusal: 'openai:refusal',
  'no-connection': 'openai:connection',
};

describeMemoryModel('simulated', async () => {
  const stage = new SimulationStage('error');
  const { environment, calls } = stage;
  return {
    model: stage.driven(new SimulatedMemoryModel(environment, calls)),
    fail: (how) => {
      stage.faults.standing = how && 'error-before';
      const place = MODEL_ERRORS.findIndex((each) => {
        const reply = each.reply();
        return how !== undefined && reply.kind === 'failed' && reply.failure.code === CODES[how];
      });
      stage.calls.chance = (place + 0.5) / MODEL_ERRORS.length;
    },
    close: async () => {},
  };
});
