import type { MarkedBlock } from '../documents/marked-block.ts';
import { stageDeployment } from './planning.ts';
import type { Others } from './report.ts';

/** Where the tables are that `npm run capacity` computes. */
export const SCALE_TABLES: MarkedBlock = {
  file: 'docs/scale.md',
  command: 'npm run capacity -- --write',
};

/** Where it says how far the model and the local stack are apart. */
export const VALIDATION_TABLE: MarkedBlock = {
  file: 'docs/scale.md',
  command: 'npm run capacity -- --validate',
};

/** What the document compares prod with. */
export function otherStages(): Others {
  return (['dev', 'staging'] as const).map((stage) => ({
    name: `${stage}, as it is`,
    deployment: stageDeployment(stage),
  }));
}
