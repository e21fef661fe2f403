import type { TenantVaults } from '#app/mirror-secrets.ts';
import type { Application } from './connect.ts';

/** What of each port changes nothing. A new port is to be added here before anything compiles. */
const READING: { readonly [Name in PortName]: readonly (keyof Application[Name])[] } = {
  parked: ['listParked', 'readFate', 'readMessage'],
  deadRings: ['receive', 'release'],
  bell: [],
  register: ['find', 'list', 'ownerOf', 'findApp'],
  ledger: ['spentIn'],
  vault: ['read', 'nameOf'],
  meta: ['describeApp', 'describeToken', 'describeNumber', 'listNumbers', 'listSubscribedApps'],
  unfinished: ['listUnfinished'],
  chats: ['listChats'],
  erasable: ['look'],
  media: ['get', 'list'],
  archive: ['findHead', 'findPreference', 'items', 'newest', 'messagesOf', 'keptEvents'],
  inbox: [],
  book: ['find'],
  audit: ['now', 'list'],
  logs: ['search'],
};

/** What an application consists of, but for what cannot change it anyway. */
type PortName = Exclude<
  keyof Application,
  | 'countDeadLetters'
  | 'tenantVaults'
  | 'listAlarms'
  | 'readDeployment'
  | 'webhookUrl'
  | 'clock'
  | 'whoCalls'
  | 'lastError'
  | 'close'
>;

/** The application for a command that said that it only reads. */
export function readingOnly(application: Application): Application {
  return {
    ...application,
    parked: held(application.parked, READING.parked),
    deadRings: held(application.deadRings, READING.deadRings),
    bell: held(application.bell, READING.bell),
    register: held(application.register, READING.register),
    ledger: held(application.ledger, READING.ledger),
    vault: held(application.vault, READING.vault),
    tenantVaults: heldVaults(application.tenantVaults),
    meta: held(application.meta, READING.meta),
    unfinished: held(application.unfinished, READING.unfinished),
    chats: held(application.chats, READING.chats),
    erasable: held(application.erasable, READING.erasable),
    media: held(application.media, READING.media),
    archive: held(application.archive, READING.archive),
    inbox: held(application.inbox, READING.inbox),
    book: held(application.book, READING.book),
    audit: held(application.audit, READING.audit),
    logs: held(application.logs, READING.logs),
  };
}

function heldVaults({ vaults, active, moves }: TenantVaults): TenantVaults {
  return {
    active,
    vaults: {
      'secrets-manager': held(vaults['secrets-manager'], READING.vault),
      'tenants-table': held(vaults['tenants-table'], READING.vault),
    },
    moves: held(moves, ['current']),
  };
}

/** The port, of which only these methods can be called. */
function held<Port extends object>(port: Port, methods: readonly (keyof Port)[]): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (methods.some((each) => each === name)) return value.bind(target);
      return () => {
        throw new UndeclaredEffectError(
          `A command that is declared as reading called ${String(name)}: see command-effects.ts`,
        );
      };
    },
  });
}

/** Raised before the call has any effect; a mistake of ours, not of the operator's. */
class UndeclaredEffectError extends Error {
  override readonly name = 'UndeclaredEffectError';
}
