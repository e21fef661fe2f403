import { eraseContact } from '#app/erase-contact.ts';
import type { RemainingItem } from '#app/ports/erasable-chats.ts';
import type { Chat } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';
import { Environment } from './cloud/environment.ts';
import { instrument } from './cloud/instrument.ts';
import { eraserHabits } from './habits.ts';
import { BUSINESSES, contactsOf } from './people.ts';
import type { Operation } from './plan/schedule.ts';
import type { World } from './world.ts';

/** A function lives for a minute; here one may be frozen for three more, and then write. */
const SETTLE_MS = 310_000;
const AGAIN_AFTER_MS = 20_000;

/** The operator's command, run again until it has come to its end. */
export async function erase(
  world: World,
  operation: Extract<Operation, { kind: 'erase' }>,
  done: () => void,
  tries = 1,
): Promise<void> {
  const { clock, store, calls, oracle, people, trace } = world;
  const customer = people.customer(operation.customer);
  const environment = new Environment(`eraser-${tries}`, clock, 0);
  const again = () => {
    clock.schedule(clock.now() + AGAIN_AFTER_MS, () => {
      void erase(world, operation, done, tries + 1);
    });
  };
  const seen = (chat: Chat, items: readonly RemainingItem[]) =>
    oracle.effected(environment, 'eraser.remove', [chat, items], undefined);
  trace?.(() => 'the operator erases');
  environment.begin(again);
  const { tenantId: tenant, phoneNumberId } = BUSINESSES[customer.business];
  const wish = {
    tenant,
    contact: present(contactsOf(customer)[operation.id]),
    phoneNumberIds: [phoneNumberId],
    own: new Set([phoneNumberId]),
    accountIds: [],
  };
  const deps = {
    chats: instrument(store, 'eraser', environment, calls, eraserHabits(store, seen)),
    media: instrument(world.media, 'files', environment, calls),
    settleMs: SETTLE_MS,
    pause: (ms: number) =>
      new Promise<void>((resolve) => {
        clock.schedule(clock.now() + ms, () => environment.whenAwake(resolve));
      }),
  };
  try {
    const { isRestless } = await eraseContact(wish, deps, () => {});
    environment.end();
    done();
    if (isRestless) again();
  } catch {
    again();
  }
}
