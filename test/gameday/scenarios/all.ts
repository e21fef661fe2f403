import type { Scenario } from '../scenario.ts';
import { functionsFail, processorBusy, queuesPileUp } from './capacity.ts';
import { modelDown, tokenRevoked, whatsAppDown } from './peers.ts';
import {
  answerWithheld,
  appUnbound,
  blindSpots,
  budgetsSpent,
  canarySilent,
  chatsFail,
  deadLetters,
  deploymentRunning,
  secretTooOld,
  voiceNotesUnheard,
} from './single-alarms.ts';
import { tablesRefuse, webhooksSlowAndForged } from './webhooks.ts';

/** What is played at once does not disturb each other: no two touch the same peer. */
export const ROUNDS: readonly (readonly Scenario[])[] = [
  [answerWithheld, voiceNotesUnheard, appUnbound, deadLetters, blindSpots, deploymentRunning],
  // Not beside a deployment, which keeps incidents back.
  [canarySilent],
  [webhooksSlowAndForged, budgetsSpent],
  [tablesRefuse],
  [tokenRevoked],
  [whatsAppDown],
  [modelDown],
  [processorBusy],
  [functionsFail],
  [chatsFail],
  // The longest of all are last: an hour's window, and the backlog of half a day.
  [queuesPileUp, secretTooOld],
];

export const SCENARIOS: readonly Scenario[] = ROUNDS.flat();
