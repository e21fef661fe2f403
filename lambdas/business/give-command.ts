import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';
import type { output } from 'zod/mini';
import { type CommandChatDeps, type Commanded, commandChat } from '#app/command-chat.ts';
import type { Log } from '#app/ports/log.ts';
import type { Metrics } from '#app/ports/metrics.ts';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import type { Command } from '#domain/conversation/command.ts';
import { askedOf } from './asked-contact.ts';
import type { Business } from './find-business.ts';
import { problem } from './problems.ts';
import { type Checked, check, wrong } from './read-request.ts';
import { type accepted, changeRequest, commandId, messageRequest } from './schemas.ts';
import { ok } from './show-chats.ts';
import { timeOf } from './views.ts';

export interface GiveCommandDeps extends CommandChatDeps {
  readonly pseudonyms: Pseudonyms;
  readonly newId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
}

type Request = APIGatewayProxyEventV2WithIAMAuthorizer;
type Answer = APIGatewayProxyStructuredResultV2;

/** The longest text, each of its characters escaped. */
const MOST_BYTES = 256 * 1024;

/** Puts what somebody of the business wants into the chat's inbox. */
export async function giveCommand(
  kind: 'say' | 'take' | 'release',
  business: Business,
  request: Request,
  deps: GiveCommandDeps,
): Promise<Answer> {
  const asked = askedOf(business, request.pathParameters?.['contact']);
  if (!asked) return problem('chat-unknown');
  if (business.tenant.status === 'suspended') return problem('tenant-suspended');
  const body = bodyOf(request);
  if (body === 'too-large') return problem('request-too-large');
  const wish = kind === 'say' ? readSay(body, business) : readChange(kind, body, business);
  if (wish.kind === 'wrong') return problem('request-invalid', { errors: wish.errors });
  const id = idOf(wish.value.id, request, kind === 'say' ? undefined : deps.newId);
  if (id.kind === 'wrong') return problem('request-invalid', { errors: id.errors });
  const { command } = wish.value;
  const { requestId: correlationId } = request.requestContext;
  const commanded = await commandChat({ asked, command, id: id.value, correlationId }, deps);
  return answerOf(commanded, { id: id.value, kind, tenant: business.tenant }, deps);
}

interface Wish {
  readonly command: Command;
  readonly id: string | undefined;
}

function readSay(body: unknown, { caller }: Business): Checked<Wish> {
  const read = check(messageRequest, body);
  if (read.kind === 'wrong') return read;
  const { id, by = caller } = read.value;
  const content =
    'text' in read.value
      ? ({ kind: 'text', text: read.value.text } as const)
      : ({ kind: 'template', ...read.value.template } as const);
  return { kind: 'fine', value: { command: { kind: 'say', by, content }, id } };
}

function readChange(kind: 'take' | 'release', body: unknown, { caller }: Business): Checked<Wish> {
  const read = check(changeRequest, body);
  if (read.kind === 'wrong') return read;
  const { id, by = caller } = read.value;
  return { kind: 'fine', value: { command: { kind, by }, id } };
}

/** The header of the draft standard may have its value in quotes. */
function idOf(
  inBody: string | undefined,
  { headers }: Request,
  newId: (() => string) | undefined,
): Checked<string> {
  const inHeader = headers['idempotency-key']?.replace(/^"(.*)"$/, '$1');
  if (inHeader !== undefined && inBody !== undefined && inHeader !== inBody) {
    return wrong('id', 'must be the same as Idempotency-Key, or one of the two left out');
  }
  const id = inHeader ?? inBody ?? newId?.();
  if (id === undefined) return wrong('id', 'is missing: give it here or as Idempotency-Key');
  const checked = check(commandId, id);
  return checked.kind === 'fine'
    ? checked
    : wrong('Idempotency-Key', 'is not of the form of an id');
}

/** An empty body is an empty object. */
function bodyOf({ body = '', isBase64Encoded }: Request): unknown {
  if (body.length > MOST_BYTES) return 'too-large';
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answerOf(
  commanded: Commanded,
  {
    id,
    kind,
    tenant,
  }: Pick<Business, 'tenant'> & {
    readonly id: string;
    readonly kind: Command['kind'];
  },
  { pseudonyms, log, metrics }: GiveCommandDeps,
): Answer {
  switch (commanded.kind) {
    case 'accepted': {
      const { chat, atMs } = commanded;
      metrics.count('CommandsAccepted');
      const { phoneNumberId: number, contact } = chat;
      const tenantId = tenant.id;
      log.info('command_accepted', {
        kind,
        tenantId,
        phoneNumberId: number,
        chat: pseudonyms.ofChat(chat),
      });
      return ok(202, { id, number, contact, at: timeOf(atMs) } satisfies output<typeof accepted>);
    }
    case 'window-closed': {
      const { closedAtMs } = commanded;
      const closed = closedAtMs === undefined ? 'more than 24 hours ago' : timeOf(closedAtMs);
      return problem('window-closed', {
        detail: `WhatsApp takes free words for 24 hours after the customer's last message; that was over at ${closed}. A template can be sent.`,
        ...(closedAtMs !== undefined && { closedAt: timeOf(closedAtMs) }),
        templatePossible: true,
      });
    }
    case 'id-used':
      return problem('id-used', {
        detail: 'A command is given an id of its own; only a repetition has the same.',
      });
    case 'chat-unknown':
    case 'not-taken':
      return problem(commanded.kind);
  }
}
