import { Callers } from '#local/callers.ts';
import { VirtualClock } from '#local/clock.ts';
import { Faults } from '#local/faults.ts';
import { startPeerServer } from '#local/peer-server.ts';
import { addBusiness } from '#local/simulator-api/business-requests.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import type { WhatsAppWorld } from '#local/whatsapp/world.ts';
import { aWorld } from './whatsapp-world.ts';

/** The simulated Meta behind its Graph API, its clock standing where the test's stands. */
export interface MetaStage {
  readonly world: WhatsAppWorld;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly url: string;
  /** A business as it comes to Meta; ready for us unless a test says otherwise. */
  business(over?: Readonly<Record<string, unknown>>): Onboarded;
  close(): Promise<void>;
}

export interface Onboarded {
  readonly number: string;
  readonly account: string;
  readonly token: string;
}

export async function startMeta(nowMs: number): Promise<MetaStage> {
  const clock = new VirtualClock(nowMs);
  const { world } = aWorld({ clock });
  const faults = new Faults();
  const server = await startPeerServer(new GraphApi(world), {
    faults,
    callers: new Callers(faults),
  });
  return {
    world,
    clock,
    faults,
    url: server.url,
    business: (over = {}) => {
      const ready = { name: 'Flower Shop', registered: true, subscribed: true };
      const added = addBusiness(world, { ...ready, ...over });
      return {
        number: String(added['phone_number_id']),
        account: String(added['account_id']),
        token: String(added['access_token']),
      };
    },
    close: () => server.close(),
  };
}
