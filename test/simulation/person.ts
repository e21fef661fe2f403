import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { present } from '#test/support/builders.ts';
import { Environment } from './cloud/environment.ts';
import type { Update } from './peers/meta-bodies.ts';
import { BUSINESSES, chatsOf, tokenOfPerson } from './people.ts';
import type { Operation } from './plan/schedule.ts';
import { SimulatedBell } from './ports/simulated-queues.ts';
import { draw } from './random.ts';
import type { World } from './world.ts';

type PersonDoes = Extract<Operation, { kind: 'person' }>;

/** How many rings of a command are lost: then the sweeper rings. */
const LOST_RINGS = 0.2;

/** Somebody of the business does something: by our API or command, or on the business's own phone. */
export async function act(world: World, operation: PersonDoes): Promise<void> {
  if (operation.does === 'echo') typeOnPhone(world, operation);
  else await putCommand(world, operation, commandOf(world, operation));
}

function commandOf({ people }: World, { customer, id, does }: PersonDoes): Command {
  const by = 'ana';
  if (does !== 'say') return { kind: does === 'take' ? 'take' : 'release', by };
  const text = `${tokenOfPerson(people.customer(customer), id)} at your service`;
  return { kind: 'say', by, content: { kind: 'text', text } };
}

/** As a door does it: into the inbox, then the bell. The same command may be put there twice. */
async function putCommand(world: World, { customer, id, at }: PersonDoes, command: Command) {
  const { people, store, oracle, clock, sqs, schedule, trace } = world;
  const chat = present(chatsOf(people.customer(customer))[at]);
  const nowMs = clock.now();
  const message = commandMessage(chat, command, { id: `c${id}`, atMs: nowMs });
  const arrival = { message, acceptedAtMs: nowMs, position: 0, correlationId: `command-${id}` };
  const door = new Environment('door', clock, 0);
  trace?.(() => `a person wants ${command.kind} (${id})`);
  const copies = draw(schedule.seed, 'command-twice', id) < LOST_RINGS ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const results = await store.accept([arrival]);
    oracle.effected(door, 'store.accept', [[arrival]], results);
  }
  if (draw(schedule.seed, 'command-unrung', id) < LOST_RINGS) return;
  const ring = {
    chat,
    messageKey: inboundKey(message),
    number: 0,
    correlationId: arrival.correlationId,
  };
  await new SimulatedBell(sqs).ring([ring]);
}

/** Meta tells of it with a webhook of its own. */
function typeOnPhone({ people, meta, clock }: World, { customer, id, at }: PersonDoes): void {
  const to = people.customer(customer);
  const text = `${tokenOfPerson(to, id)} on my way`;
  const update: Update = {
    business: to.business,
    list: 'message_echoes',
    element: {
      from: BUSINESSES[to.business].phoneNumberId,
      to: to.phones[at === 1 ? 1 : 0],
      ...(at === 2 && { to_user_id: to.userId }),
      id: `wamid.E${id}`,
      timestamp: String(Math.floor(clock.now() / 1000)),
      type: 'text',
      text: { body: text },
    },
  };
  meta.deliver([update], () => {});
}
