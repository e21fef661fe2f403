import type { Scenario } from '../scenario.ts';
import { functionsFail, processorBusy, queuesPileUp } from './capacity.ts';
import { answerWithheld, appUnbound, budgetsSpent, voiceNotesUnheard } from './one-tenant.ts';
import { modelDown, tokenRevoked, whatsAppDown } from './peers.ts';
import {
  backupsMissed,
  blindSpots,
  canarySilent,
  chatsFail,
  deadLetters,
  deploymentRunning,
  secretTooOld,
} from './the-watch.ts';
import { tablesRefuse, webhooksSlowAndForged } from './webhooks.ts';

/** What is played at once does not disturb each other: no two touch the same peer. */
export const ROUNDS: readonly (readonly Scenario[])[] = [
  [
    answerWithheld,
    voiceNotesUnheard,
    appUnbound,
    deadLetters,
    blindSpots,
    deploymentRunning,
    secretTooOld,
    backupsMissed,
  ],
  // Not beside a deployment, which keeps incidents back.
  [canarySilent, budgetsSpent],
  // Not right after webhooks-refused, which keeps tables-failing quiet for a quarter of an hour.
  [tablesRefuse],
  [webhooksSlowAndForged, chatsFail],
  [tokenRevoked],
  [whatsAppDown],
  [modelDown],
  [processorBusy],
  [functionsFail],
  [queuesPileUp],
];

export const SCENARIOS: readonly Scenario[] = ROUNDS.flat();
