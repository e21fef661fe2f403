import { InMemoryAuditTrail } from '#adapters/in-memory/in-memory-audit-trail.ts';
import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { InMemoryCommandBook } from '#adapters/in-memory/in-memory-command-book.ts';
import { InMemorySecretVault } from '#adapters/in-memory/in-memory-secret-vault.ts';
import { InMemoryTenantRegister } from '#adapters/in-memory/in-memory-tenant-register.ts';
import { InMemoryVaultMoves } from '#adapters/in-memory/in-memory-vault-moves.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { GraphAccounts } from '#adapters/whatsapp/graph-accounts.ts';
import { mirrorSecrets, type TenantVaults } from '#app/mirror-secrets.ts';
import type { Actor, AuditTrail } from '#app/ports/audit-trail.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { TenantVault } from '#domain/secret/tenant-vault.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { runCommandLine } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import type { AlarmView } from '#operator/doctor/cloud-alarms.ts';
import type { Target } from '#operator/target.ts';
import type { LoggedLine, LogQuestion } from '#operator/trace/log-search.ts';
import { aMessage, aParking } from './builders.ts';
import { aRing, ChatWorld } from './chat-world.ts';
import { InMemoryDeadLetterQueue } from './dead-letter-queue.ts';

/** The command over an application in memory, and what it wrote. */
export class Desk extends ChatWorld {
  readonly queue = new InMemoryDeadLetterQueue();
  readonly targets: Target[] = [];
  readonly register = new InMemoryTenantRegister();
  readonly vault = new InMemorySecretVault(this.clock);
  /** In place of the one in the tenants table. */
  readonly tableVault = new InMemorySecretVault(this.clock);
  readonly moves = new InMemoryVaultMoves();
  readonly book = new InMemoryCommandBook();
  /** Which the functions read, as the stage is deployed. */
  activeVault: TenantVault = 'secrets-manager';
  readonly audit: AuditTrail = new InMemoryAuditTrail(this.clock);
  whoCalls = async (): Promise<Actor> => ({
    arn: 'arn:aws:iam::000000000000:user/ann',
    claimedUser: 'ann',
  });
  /** Meta, which nobody reaches unless a test has started it. */
  graphUrl = 'http://127.0.0.1:1';
  webhookUrl = 'https://hooks.example.com/webhook';
  alarms: readonly AlarmView[] = [];
  /** Stacks that are being deployed. */
  deploying: readonly string[] = [];
  /** What is read once they are; undefined: what is read now. */
  deployedVault: TenantVault | undefined;
  /** What the functions logged, of which the desk's own work logs nothing. */
  logged: LoggedLine[] = [];
  /** What stands in the way of asking for them. */
  logTrouble: Error | undefined;
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

  #vaults(): TenantVaults {
    const vaults = { 'secrets-manager': this.vault, 'tenants-table': this.tableVault };
    return { vaults, active: this.activeVault, moves: this.moves };
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
        return this.application;
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

  get application(): Application {
    const { store: parked, queue: deadRings, bell, clock, register, ledger, audit } = this;
    const tenantVaults = this.#vaults();
    const archive = new InMemoryChatArchive(this.store);
    return {
      parked,
      deadRings,
      bell,
      clock,
      register,
      ledger,
      vault: mirrorSecrets(tenantVaults),
      tenantVaults,
      chats: archive,
      archive,
      inbox: parked,
      book: this.book,
      audit,
      whoCalls: () => this.whoCalls(),
      meta: new GraphAccounts({ baseUrl: this.graphUrl, version: 'v26.0' }),
      unfinished: parked,
      erasable: parked,
      media: this.media,
      logs: {
        search: async (question) => {
          if (this.logTrouble) throw this.logTrouble;
          return this.logged.filter((line) => isAsked(line, question));
        },
      },
      countDeadLetters: async () => ({ chat: this.queue.size, events: 0, jobs: 0 }),
      listAlarms: async () => this.alarms,
      readDeployment: async () => ({
        inProgress: this.deploying,
        tenantVault: this.deployedVault ?? this.activeVault,
      }),
      webhookUrl: this.webhookUrl,
      lastError: () => undefined,
      close: () => {},
    };
  }
}

function isAsked({ atMs, fields }: LoggedLine, { anyOf, fromMs, toMs }: LogQuestion): boolean {
  const isThen = atMs >= fromMs && atMs <= toMs;
  return isThen && anyOf.some(([field, value]) => fields[field] === value);
}
