import { describe } from 'vitest';
import { platformShape, tenantShape } from '#adapters/secrets/secret-shapes.ts';
import { SimulatedVault } from '#test/simulation/peers/simulated-vault.ts';
import { present } from '#test/support/builders.ts';
import { RecordingLog } from '#test/support/recorders.ts';
import { LOSSES, SimulationStage } from '#test/support/simulation-stage.ts';
import { describeSecretSource } from './secret-source-suite.ts';

describe.each(LOSSES)('connections that break with: %s', (loss) => {
  describeSecretSource('simulated', async () => {
    const stage = new SimulationStage(loss);
    const nothing = { appSecrets: [], verifyTokens: [], openAiApiKey: undefined };
    const vault = new SimulatedVault(nothing, new Map());
    return {
      source: stage.driven(vault.sourceFor(stage.environment, stage.calls, new RecordingLog())),
      vault: {
        put: (secret, text) => {
          if (secret === 'platform') vault.platform = present(platformShape.read(text));
          else vault.tokens.set(secret, present(tenantShape.read(text)).accessToken);
        },
        setDown: (isDown) => stage.setDown(isDown),
        get reads() {
          return stage.called.length;
        },
        pass: (ms) => stage.clock.advanceBy(ms),
      },
      close: async () => {},
    };
  });
});
