import { InMemorySecretVault } from '#adapters/in-memory/in-memory-secret-vault.ts';
import { InMemoryTenantRegister } from '#adapters/in-memory/in-memory-tenant-register.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { GraphAccounts } from '#adapters/whatsapp/graph-accounts.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import type { AlarmView } from '../../bin/operator/cloud-alarms.ts';
import { runCommandLine } from '../../bin/operator/command-line.ts';
import type { Target } from '../../bin/operator/target.ts';
import { aMessage, aParking } from './builders.ts';
import { aRing, ChatWorld } from './chat-world.ts';
import { InMemoryDeadLetterQueue } from './dead-letter-queue.ts';

/** The command over an application in memory, and what it wrote. */
export class Desk extends ChatWorld {
  readonly queue = new InMemoryDeadLetterQueue();
  readonly targets: Target[] = [];
  readonly register = new InMemoryTenantRegister();
  readonly vault = new InMemorySecretVault(this.clock);
  /** Meta, which nobody reaches unless a test has started it. */
  graphUrl = 'http://127.0.0.1:1';
  webhookUrl = 'https://hooks.example.com/webhook';
  alarms: readonly AlarmView[] = [];
  isWatched = false;
  /** What lies at standard input. */
  input = '';
  /** What a person at standard input answers; undefined where there is none. */
  reply: string | undefined;
  out = '';
  err = '';
  /** What stands in the way of reaching the application. */
  trouble: Error | undefined;

  async park(message: InboundMessage, reason: Parameters<typeof aParking>[0] = 'token') {
    await this.accept(message);
    const key = inboundKey(message);
    await this.store.park(message.chat, [key], aParking(reason));
    this.queue.addFor(message);
    return pseudonyms.ofMessage(key);
  }

  async run(...argv: readonly string[]): Promise<number> {
    this.out = '';
    this.err = '';
    return runCommandLine(argv, {
      terminal: {
        out: (text) => {
          this.out += text;
        },
        err: (text) => {
          this.err += text;
        },
        isWatched: this.isWatched,
        readInput: async () => this.input,
        hasPerson: this.reply !== undefined,
        ask: async (question) => {
          this.err += question;
          return this.reply ?? '';
        },
        askHidden: async (question) => {
          this.err += question;
          return this.reply ?? '';
        },
      },
      connect: async (target) => {
        this.targets.push(target);
        if (this.trouble) throw this.trouble;
        const { store: parked, queue: deadRings, bell, clock, register, vault } = this;
        return {
          parked,
          deadRings,
          bell,
          clock,
          register,
          vault,
          meta: new GraphAccounts({ baseUrl: this.graphUrl, version: 'v26.0' }),
          unfinished: parked,
          erasable: parked,
          countDeadLetters: async () => ({ chat: this.queue.size, events: 0 }),
          listAlarms: async () => this.alarms,
          webhookUrl: this.webhookUrl,
          lastError: () => undefined,
          close: () => {},
        };
      },
      // The processor works while the operator waits.
      pause: async (ms) => {
        this.clock.advance(ms);
        for (const ring of this.bell.rings.splice(0)) {
          await this.process([{ ...aRing(aMessage()), ring }]);
        }
      },
    });
  }
}
