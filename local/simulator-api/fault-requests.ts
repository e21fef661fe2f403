import type { JsonObject } from '#domain/json.ts';
import {
  type Fault,
  type Faults,
  isFaultPeer,
  parseFault,
  UnknownFaultError,
} from '#local/faults.ts';
import type { FeedEntry } from './feed.ts';
import { optionalWholeNumber, requiredText } from './request-body.ts';
import { RequestError } from './request-error.ts';

const MOST_TIMES = 1_000_000;

/** `POST faults`. @returns the entry for the feed @throws RequestError 400 */
export function armFault(
  faults: Faults,
  functions: readonly string[],
  body: JsonObject,
): FeedEntry {
  const peer = requiredText(body, 'peer');
  if (!isFaultPeer(peer)) {
    throw new RequestError(
      400,
      'peer must be graph, openai, memory-model, dynamodb, sqs, secretsmanager, kms, s3, sns or lambda:<name>',
    );
  }
  const [, functionName] = peer.split(':');
  if (functionName !== undefined && !functions.includes(functionName)) {
    throw new RequestError(400, `There is no such function; there are ${functions.join(', ')}`);
  }
  const text = requiredText(body, 'fault');
  const times = optionalWholeNumber(body, 'times', { min: 1, max: MOST_TIMES }) ?? 1;
  const fault = parse(text);
  if (!peer.startsWith(onlyPeerOf(fault))) {
    throw new RequestError(400, `${text} can happen to ${onlyPeerOf(fault)} only`);
  }
  if (isOfCallers(fault) && functionName !== undefined) {
    throw new RequestError(400, `${text} can happen to what functions call only`);
  }
  faults.arm(peer, fault, times);
  return { at: Date.now(), kind: 'fault', detail: `Fault armed: ${peer} ${text}, ${times} times` };
}

/** How the name of the only peer begins to which a fault can happen; empty where it can to any. */
function onlyPeerOf(fault: Fault): string {
  if (fault.kind === 'kill') return 'lambda:';
  return fault.kind === 'graph' ? 'graph' : '';
}

/** The function that calls dies, so that only a peer of functions can have it. */
function isOfCallers({ kind }: Fault): boolean {
  return kind === 'kill-caller' || kind === 'kill-caller-after-effect';
}

/** The faults that are armed, in the words in which they were armed. */
export function describeFaults(faults: Faults): JsonObject {
  return {
    faults: faults
      .list()
      .map(({ peer, fault, left }) => ({ peer, fault: wordsOf(fault), times: left })),
  };
}

function parse(text: string): Fault {
  try {
    return parseFault(text);
  } catch (error) {
    if (error instanceof UnknownFaultError) throw new RequestError(400, error.message);
    throw error;
  }
}

function wordsOf(fault: Fault): string {
  switch (fault.kind) {
    case 'status':
      return `status:${fault.status}`;
    case 'graph':
      return `graph:${fault.code}`;
    case 'slow':
      return `slow:${fault.delayMs}`;
    case 'timeout':
    case 'reset-after-effect':
    case 'kill':
    case 'kill-caller':
    case 'kill-caller-after-effect':
    case 'throttle':
      return fault.kind;
  }
}
