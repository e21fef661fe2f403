import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import type { OutgoingMessage } from '#app/ports/message-sender.ts';
import { readCallbackData, writeCallbackData } from '#domain/conversation/callback-data.ts';
import { chatKey } from '#domain/ids.ts';
import { GraphError } from '#local/whatsapp/graph-error.ts';
import { SimulatedGraph } from '#test/simulation/peers/simulated-graph.ts';
import { type GraphResult, SimulatedSender } from '#test/simulation/peers/simulated-sender.ts';
import { LOSSES, SimulationStage } from '#test/support/simulation-stage.ts';
import { describeMessageSender, type SenderStage } from './message-sender-suite.ts';

/** Refuses with the code that a test wants, as Meta would say it. */
class RefusingGraph extends SimulatedGraph {
  readonly #codes: number[] = [];

  refuseNext(code: number): void {
    this.#codes.push(code);
  }

  override take(message: OutgoingMessage, accessToken: string): GraphResult {
    const code = this.#codes.shift();
    if (code === undefined) return super.take(message, accessToken);
    const error = new GraphError(code);
    const body = { error: error.toObject(randomBytes) };
    return { kind: 'answered', answer: { status: error.status, body, means: 'retry' } };
  }
}

function startStage(stage: SimulationStage): SenderStage {
  const { clock, environment, calls } = stage;
  const writtenMs = new Map<string, number>();
  const sent: { readonly message: OutgoingMessage; readonly wamid: string }[] = [];
  const graph = new RefusingGraph({
    clock,
    tokens: ['bakery-token', 'clinic-token'],
    lastWrittenMs: ({ reference }) => writtenMs.get(chatKey(reference.chat)) ?? 0,
    accepted: (message, wamid) => sent.push({ message, wamid }),
  });
  return {
    sender: stage.driven(
      new SimulatedSender({
        graph,
        secrets: {
          tenant: async () => ({ accessToken: 'bakery-token' }),
          refreshTenant: async () => false,
        },
        environment,
        calls,
        read: () => {},
      }),
    ),
    peer: {
      customerWrites: (chat) => writtenMs.set(chatKey(chat), clock.now()),
      refuseNext: (code) => graph.refuseNext(code),
      loseNextAnswer: (when) => stage.loseNextAnswer(when),
      receivedBy: (chat) => {
        // What was still on its way when its sender gave up has arrived by then.
        clock.advanceBy(60_000);
        return sent
          .filter(({ message }) => chatKey(message.reference.chat) === chatKey(chat))
          .map(({ message: { text, choices, quotes, reference }, wamid }) => ({
            text,
            choices,
            quotes,
            wamid,
            reference: readCallbackData(writeCallbackData(reference)),
          }));
      },
    },
    close: async () => {},
  };
}

describe.each(LOSSES)('connections that break with: %s', (loss) => {
  describeMessageSender('simulated', async () => startStage(new SimulationStage(loss)));
});
