import { randomUUID } from 'node:crypto';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type CommandRefusal, commandChat } from '#app/command-chat.ts';
import { COMMAND_ID, type Command } from '#domain/conversation/command.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { explainError } from '#operator/explain-error.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import type { TargetOptions } from '#operator/target.ts';
import { type Awaited, awaitCommand, isUndelivered } from './await-command.ts';
import { type Asked, askFor, type ContactOptions, nothingStored, readWish } from './find-chat.ts';
import { readContent, type SayOptions } from './say-options.ts';

export interface GiveOptions extends TargetOptions, ContactOptions, SayOptions {
  readonly by?: string;
  readonly id?: string;
  readonly wait?: boolean;
}

type Kind = 'take' | 'release' | 'say';

/** `concierge chat take`, `release` and `say`: into the chat's inbox, as the business API does it. */
export async function giveCommand(
  kind: Kind,
  name: string,
  options: GiveOptions,
  { terminal, connect, pause }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const wish = readWish(name, options);
  const { target, tenant, subject } = wish;
  const id = options.id ?? randomUUID();
  if (!COMMAND_ID.test(id)) {
    throw new UsageError('--id takes letters, digits and .:~_- only, and no idle-<number>.');
  }
  const content = kind === 'say' ? await readContent(options, terminal) : undefined;
  const application = await connect(target, { tenant, subject });
  try {
    const by = options.by ?? nameOf((await application.whoCalls()).arn);
    const command: Command = content && kind === 'say' ? { kind, by, content } : changeOf(kind, by);
    const asked = await oneNumber(await askFor(wish, application), application);
    const given = { asked, command, id, correlationId: `operator-${id}` };
    const commanded = await commandChat(given, application);
    if (commanded.kind === 'chat-unknown') throw nothingStored(asked, target);
    if (commanded.kind !== 'accepted') throw refusal(commanded, id, application);
    const { chat, atMs } = commanded;
    application.note({ chats: [pseudonyms.ofChat(chat)] });
    const stored = { ...command, tenantId: tenant };
    const awaited = options.wait
      ? await awaitCommand({ chat, command: stored, id, atMs }, application, pause)
      : undefined;
    terminal.out(options.json ? asJson(kind, id, awaited) : inWords(kind, id, awaited));
    finish(awaited && (!awaited.isCarriedOut || isUndelivered(awaited)) ? 1 : 0);
  } finally {
    application.close();
  }
}

function changeOf(kind: Kind, by: string): Command {
  if (kind === 'say') throw new RangeError('What is said has words');
  return { kind, by };
}

/** What follows `user/` or `assumed-role/`. */
function nameOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

/** A command is for one chat: where a contact writes to several numbers, one must be named. */
async function oneNumber(asked: Asked, { archive }: Application): Promise<Asked> {
  const { numbers, contact } = asked;
  if (numbers.length < 2) return asked;
  const heads = await Promise.all(
    numbers.map((phoneNumberId) => archive.findHead({ phoneNumberId, contact })),
  );
  const there = numbers.filter((_, index) => heads[index] !== undefined);
  if (there.length < 2)
    return { ...asked, numbers: there.length === 1 ? there : numbers.slice(0, 1) };
  throw new UsageError(
    `This contact has a chat at several numbers: say at which, by --number ${there.join(' or ')}.`,
  );
}

function refusal(commanded: CommandRefusal, id: string, application: Application): OperatorError {
  switch (commanded.kind) {
    case 'window-closed': {
      const { closedAtMs } = commanded;
      const closed = closedAtMs === undefined ? '' : `, at ${new Date(closedAtMs).toISOString()}`;
      return new OperatorError(
        `The 24 hours in which WhatsApp takes free words are over${closed}. A template can be sent: --template <name> --language <language>.`,
      );
    }
    case 'id-used':
      return new OperatorError(
        `The id ${id} was used for another command of this chat. Nothing was done: leave --id out, or give another.`,
      );
    case 'not-taken': {
      const cause = application.lastError();
      const why = cause === undefined ? '' : ` (${explainError(cause).message})`;
      return new OperatorError(
        `It was not taken${why}. Run the same again with --id ${id}: it is done once.`,
        { cause },
      );
    }
  }
}

function asJson(kind: Kind, id: string, awaited: Awaited | undefined): string {
  return `${JSON.stringify({
    command: kind,
    id,
    taken: true,
    ...(awaited && {
      carriedOut: awaited.isCarriedOut,
      parked: awaited.parking?.code ?? null,
      delivery: awaited.delivery ?? null,
    }),
  })}\n`;
}

const DONE: Readonly<Record<Kind, string>> = {
  take: 'The chat is taken: the assistant is silent until it is given back.',
  release: 'The chat is back with the assistant.',
  say: 'It was said.',
};

function inWords(kind: Kind, id: string, awaited: Awaited | undefined): string {
  if (!awaited) return `Taken into the chat's inbox as ${id}; carried out within seconds.\n`;
  if (awaited.parking) {
    return `Taken into the chat's inbox as ${id}, and parked there: ${awaited.parking.code}. See npx concierge dead-letters list.\n`;
  }
  if (!awaited.isCarriedOut) {
    return `Taken into the chat's inbox as ${id}, and not carried out within a minute: look with npx concierge chat show.\n`;
  }
  const { delivery } = awaited;
  if (isUndelivered(awaited)) return `It did not reach the customer. WhatsApp: ${delivery}.\n`;
  return `${DONE[kind]}${delivery === undefined ? '' : ` WhatsApp: ${delivery}.`}\n`;
}
