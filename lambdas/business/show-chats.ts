import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { output } from 'zod/mini';
import { windowOf } from '#app/command-chat.ts';
import { listChats } from '#app/list-chats.ts';
import type { ChatArchive } from '#app/ports/chat-archive.ts';
import type { ChatIndex } from '#app/ports/chat-index.ts';
import type { Clock } from '#app/ports/clock.ts';
import { showChat } from '#app/show-chat.ts';
import { saidMessages } from '#domain/notice/said-message.ts';
import { askedOf } from './asked-contact.ts';
import type { Business } from './find-business.ts';
import { problem } from './problems.ts';
import type { chatDetails, chatList, chatQuery, listQuery } from './schemas.ts';
import { handOverView, listedView, shownView, timeOf, windowView } from './views.ts';

export interface ShowChatsDeps {
  readonly chats: ChatIndex;
  readonly archive: ChatArchive;
  readonly clock: Clock;
}

type Answer = APIGatewayProxyStructuredResultV2;

/** Of a hundred thousand chats a few may be wanted: a call neither lasts nor costs as if all were. */
const MOST_READ = 2_000;

/** `GET /chats`: those at one number, the most recent first. */
export async function listChatsOf(
  { tenant, phoneNumberId }: Business,
  { state, flagged, before, limit }: output<typeof listQuery>,
  { chats: index }: ShowChatsDeps,
): Promise<Answer> {
  const wanted = {
    tenant: tenant.id,
    phoneNumberId,
    isFlagged: flagged === 'true',
    state,
    beforeMs: before === undefined ? undefined : Date.parse(before),
    limit,
    mostRead: MOST_READ,
  };
  const { chats, moreBeforeMs } = await listChats(wanted, index);
  const next = moreBeforeMs === undefined ? null : timeOf(moreBeforeMs);
  return ok(200, { chats: chats.map(listedView), next } satisfies output<typeof chatList>);
}

/** `GET /chats/{contact}`: how it stands, and the newest messages with their words. */
export async function showChatOf(
  business: Business,
  name: string | undefined,
  { limit }: output<typeof chatQuery>,
  { archive, clock }: ShowChatsDeps,
): Promise<Answer> {
  const asked = askedOf(business, name);
  if (!asked) return problem('chat-unknown');
  const [shown] = await showChat(asked, limit, archive);
  const [present] = shown?.chats ?? [];
  if (!shown || !present) return problem('chat-unknown');
  const window = await windowOf(
    shown.chats.map(({ chat }) => chat),
    { archive, clock },
  );
  return ok(200, {
    chat: shownView(present),
    window: windowView(window),
    handOver: handOverView(present),
    messages: [...saidMessages(shown.messages)],
  } satisfies output<typeof chatDetails>);
}

export function ok(statusCode: 200 | 202, body: object): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
