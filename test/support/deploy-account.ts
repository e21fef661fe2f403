import type { JsonObject } from '#domain/json.ts';
import type { Account } from '../../bin/deploy/account.ts';

/** An account that is ready for anything; name what is otherwise. */
export function anAccount(over: Partial<Account> = {}): Account & { announced: number } {
  return {
    announced: 0,
    identity: async () => ({ account: '111122223333', region: 'eu-central-1' }),
    findStack: async (name) =>
      name === 'CDKToolkit'
        ? { status: 'CREATE_COMPLETE', outputs: new Map([['BootstrapVersion', '30']]) }
        : undefined,
    readTemplate: async () => ({ Resources: {} }),
    readConcurrency: async () => ({ limit: 1_000, unreserved: 1_000 }),
    findCertificate: async () => ({ status: 'ISSUED', names: ['*.example.com'] }),
    hasObject: async () => true,
    async announce() {
      this.announced += 1;
    },
    ...over,
  };
}

/** The account after a deployment: each stack has this status and template. */
export function deployed(
  templates: Readonly<Record<string, JsonObject>>,
  status = 'UPDATE_COMPLETE',
  outputs: Readonly<Record<string, string>> = {},
): Pick<Account, 'findStack' | 'readTemplate'> {
  return {
    findStack: async (name) =>
      name === 'CDKToolkit'
        ? { status: 'CREATE_COMPLETE', outputs: new Map([['BootstrapVersion', '30']]) }
        : { status, outputs: new Map(Object.entries(outputs)) },
    readTemplate: async (stack) => templates[stack] ?? { Resources: {} },
  };
}
