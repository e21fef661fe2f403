import { WhatsAppMessageSender } from '#adapters/whatsapp/whatsapp-message-sender.ts';
import { readCallbackData } from '#domain/conversation/callback-data.ts';
import type { Chat } from '#domain/ids.ts';
import { textAt } from '#domain/json.ts';
import { Callers } from '#local/callers.ts';
import { Faults } from '#local/faults.ts';
import { type PeerBehaviour, startPeerServer } from '#local/peer-server.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import { bubbleIn } from '#test/support/bubble-in.ts';
import { LostAnswers } from '#test/support/lost-answers.ts';
import { aWorld, BAKERY } from '#test/support/whatsapp-world.ts';
import { describeMessageSender, describeTyping, type TypingStage } from './message-sender-suite.ts';

async function startStage(): Promise<TypingStage> {
  const { world, clock } = aWorld();
  const graph = new GraphApi(world);
  const connections = new LostAnswers();
  const losing: PeerBehaviour = {
    peerOf: () => 'graph',
    isExempt: (request) => graph.isExempt(request),
    refuse: (fault, request) => graph.refuse(fault, request),
    respond: (request) => connections.around(() => graph.respond(request)),
  };
  const faults = new Faults();
  const server = await startPeerServer(losing, { faults, callers: new Callers(faults) });
  const transcriptOf = ({ phoneNumberId, contact }: Chat) =>
    world.transcript(phoneNumberId, contact);
  return {
    sender: new WhatsAppMessageSender({
      apiVersion: 'v26.0',
      baseUrl: server.url,
      secrets: {
        tenant: async () => ({ accessToken: BAKERY.accessTokens[0] ?? '' }),
        refreshTenant: async () => false,
      },
    }),
    peer: {
      customerWrites: ({ phoneNumberId, contact }) =>
        world.receive({ to: phoneNumberId, from: contact, text: 'Any bread left?' }),
      refuseNext: (code) => faults.arm('graph', { kind: 'graph', code }, 1),
      loseNextAnswer: (when) => connections.loseNext(when),
      receivedBy: (chat) =>
        (transcriptOf(chat)?.messages ?? [])
          .filter(({ direction }) => direction === 'out')
          .map(({ payload, wamid }) => ({
            ...bubbleIn(payload),
            wamid,
            reference: readCallbackData(textAt(payload, 'biz_opaque_callback_data')),
          })),
      isTyping: (chat) => (transcriptOf(chat)?.typing_until ?? 0) > clock.now(),
    },
    close: async () => {
      world.close();
      await server.close();
    },
  };
}

describeMessageSender('WhatsApp', startStage);
describeTyping('WhatsApp', startStage);
