import type { CountMetric } from '#app/ports/metrics.ts';
import type { MessageType, Schedule } from '../plan/schedule.ts';
import { isAnswerable } from './message-book.ts';
import type { Notebook } from './notebook.ts';
import type { Oracle } from './oracle.ts';

/** Longer than a slow model and a second turn for what was written meanwhile. */
const SOON_MS = 60_000;

/** Whether nothing at all goes wrong: no fault, no mistake of the operator, and Meta signs as agreed. */
function isCalm({ faults, operations }: Schedule): boolean {
  return faults.length === 0 && operations.length === 0;
}

/** Around these not every message is put to the model in its own chat. */
const UNASKED: readonly MessageType[] = ['changed-number', 'stop', 'start', 'wants-person'];

const NEVER_WHEN_CALM: readonly CountMetric[] = [
  'MessagesParked',
  'MessagesRungAgain',
  'ModelFailures',
  'SendsRefused',
  'SendsAmbiguous',
  'AmbiguousResends',
  'TurnsUndeliverable',
  'WebhooksNotTaken',
];

/**
 * Of chats with one id alone nobody else writes the head. Where a contact moves, that may undo a turn whose
 * calls to the model are spent.
 */
const NEVER_IN_ONE_CHAT: readonly CountMetric[] = [
  'TurnsDeferred',
  'TurnsFenced',
  'TurnsApologised',
];

/**
 * With no fault, everything is answered at once, once, and without the sweeper. What our own code fails on
 * holds nobody else up for longer than a minute.
 */
export function judgeCalm(
  notebook: Notebook,
  oracle: Oracle,
  metrics: ReadonlyMap<string, number>,
): void {
  if (!isCalm(notebook.schedule)) return;
  const { messages } = notebook.schedule;
  const isPoisoned = messages.some(({ type }) => type === 'poison');
  const isPlain =
    !isPoisoned && messages.every(({ ids, type }) => ids === 'phone' && !UNASKED.includes(type));
  const never = isPoisoned ? [] : NEVER_WHEN_CALM;
  for (const name of [...never, ...(isPlain ? NEVER_IN_ONE_CHAT : [])]) {
    const count = metrics.get(name) ?? 0;
    if (count > 0) notebook.note(kindOf(name), `${name} is ${count} although nothing went wrong`);
  }
  judgeReconciliation(notebook, metrics);
  for (const [key, chat] of oracle.messages.chats) {
    for (const { planned, storedAtMs, settledAtMs } of chat.values()) {
      if (planned.type !== 'poison' && settledAtMs - storedAtMs > SOON_MS) {
        notebook.note('other', `message ${planned.id} waited long although nothing went wrong`);
      }
      if (isPlain && isAnswerable(planned)) judgeAsked(notebook, key, oracle, planned.id);
    }
  }
}

/** As the alarm reconciliation-gap counts it: what came in, once more where it came back, has gone out. */
function judgeReconciliation(notebook: Notebook, metrics: ReadonlyMap<string, number>): void {
  const sum = (names: readonly CountMetric[]) =>
    names.reduce((total, name) => total + (metrics.get(name) ?? 0), 0);
  const into = sum(['MessagesAccepted', 'MessagesReopened']);
  const out = sum(['MessagesFinished', 'MessagesRecorded', 'MessagesErased', 'MessagesParked']);
  if (into !== out) notebook.note('other', `${into} messages came in and ${out} went out`);
}

/** Every answer was thought about. */
function judgeAsked(notebook: Notebook, chat: string, oracle: Oracle, id: number): void {
  if ((oracle.model.paid.get(`${chat} ${id}`) ?? 0) < 1) {
    notebook.note('other', `message ${id} was never shown to the model`);
  }
}

function kindOf(name: CountMetric): 'lost' | 'other' {
  return name === 'MessagesRungAgain' ? 'lost' : 'other';
}
