import type { ZodMiniObject } from 'zod/mini';
import type { businessRoutes } from '#lambdas/business/config.ts';
import type { ProblemCode } from '#lambdas/business/problems.ts';
import * as schemas from '#lambdas/business/schemas.ts';

/** A response shows defaults, a request may leave them out. */
export const REQUESTS = {
  MessageRequest: schemas.messageRequest,
  ChangeRequest: schemas.changeRequest,
};
export const RESPONSES = {
  Accepted: schemas.accepted,
  Chat: schemas.chatView,
  ChatDetails: schemas.chatDetails,
  ChatList: schemas.chatList,
  Message: schemas.messageView,
  NoticeEvent: schemas.noticeEvent,
  Problem: schemas.problem,
};

const EVERYWHERE: readonly ProblemCode[] = ['request-invalid', 'number-unknown', 'failed'];
const OF_COMMANDS: readonly ProblemCode[] = [
  ...EVERYWHERE,
  'chat-unknown',
  'tenant-suspended',
  'request-too-large',
  'id-used',
  'not-taken',
];

/** What the API's description says of a route beside its schemas. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly query: ZodMiniObject;
  readonly body?: keyof typeof REQUESTS;
  readonly answer: { readonly status: 200 | 202; readonly schema: keyof typeof RESPONSES };
  readonly problems: readonly ProblemCode[];
}

const TAKEN = { status: 202, schema: 'Accepted' } as const;
const CARRIED_OUT =
  'Taken and written down; carried out within seconds, in the order of the chat. A repetition with the same id is the same command.';

export type RouteKey = `${(typeof businessRoutes)[number]['method']} ${string}`;

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /chats': {
    id: 'listChats',
    summary: 'Chats at a number, the most recent first',
    query: schemas.listQuery,
    answer: { status: 200, schema: 'ChatList' },
    problems: EVERYWHERE,
  },
  'GET /chats/{contact}': {
    id: 'showChat',
    summary: 'How a chat stands, and its newest messages',
    query: schemas.chatQuery,
    answer: { status: 200, schema: 'ChatDetails' },
    problems: [...EVERYWHERE, 'chat-unknown'],
  },
  'POST /chats/{contact}/messages': {
    id: 'sendMessage',
    summary: 'Write to the contact, as somebody of the business',
    description: `${CARRIED_OUT} Who writes has the chat from then on: the assistant is silent until it is released. Free words are taken for 24 hours after the customer's last message, templates always.`,
    query: schemas.commandQuery,
    body: 'MessageRequest',
    answer: TAKEN,
    problems: [...OF_COMMANDS, 'window-closed'],
  },
  'POST /chats/{contact}/take': {
    id: 'takeChat',
    summary: 'Take the chat: the assistant is silent, messages are kept',
    description: CARRIED_OUT,
    query: schemas.commandQuery,
    body: 'ChangeRequest',
    answer: TAKEN,
    problems: OF_COMMANDS,
  },
  'POST /chats/{contact}/release': {
    id: 'releaseChat',
    summary: 'Give the chat back to the assistant',
    description: `${CARRIED_OUT} The assistant knows what was said, and answers what is still unanswered.`,
    query: schemas.commandQuery,
    body: 'ChangeRequest',
    answer: TAKEN,
    problems: OF_COMMANDS,
  },
};
