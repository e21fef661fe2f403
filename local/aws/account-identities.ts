import type { Callers } from '../callers.ts';
import { assumedRoleArn } from './authorisation.ts';
import type { PolicyStatement, RoleBook } from './iam.ts';
import { LOCAL_OPERATOR, LOCAL_SECRET } from './local-operator.ts';

/** Somebody outside the template with credentials of the local account, such as a business's program. */
export interface LocalUser {
  /** As in `arn:aws:iam::000000000000:user/<name>`. */
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly statements: readonly PolicyStatement[];
}

/** Who an access key belongs to. */
export interface Identity {
  readonly arn: string;
  readonly userId: string;
  readonly secretAccessKey: string;
  /** Undefined: may do everything. */
  readonly statements: readonly PolicyStatement[] | undefined;
}

export interface AccountIdentitiesOptions {
  readonly accountId: string;
  readonly callers: Callers;
  readonly roles: RoleBook;
  readonly users: readonly LocalUser[];
}

/** Everybody who has an access key of the local account: functions, the operator, users. */
export class AccountIdentities {
  readonly #options: AccountIdentitiesOptions;

  constructor(options: AccountIdentitiesOptions) {
    this.#options = options;
  }

  /** Undefined for a key that nobody has. */
  find(accessKeyId: string): Identity | undefined {
    const { accountId, callers, roles, users } = this.#options;
    const caller = callers.get(accessKeyId);
    if (caller) {
      return {
        arn: assumedRoleArn(caller, accountId),
        userId: caller.environmentId,
        secretAccessKey: LOCAL_SECRET,
        statements: roles.statementsOf(caller.roleLogicalId),
      };
    }
    if (accessKeyId === LOCAL_OPERATOR) {
      return {
        ...this.#named(LOCAL_OPERATOR),
        secretAccessKey: LOCAL_SECRET,
        statements: undefined,
      };
    }
    const user = users.find((each) => each.accessKeyId === accessKeyId);
    if (!user) return undefined;
    const { name, secretAccessKey, statements } = user;
    return { ...this.#named(name), userId: accessKeyId, secretAccessKey, statements };
  }

  #named(name: string): Pick<Identity, 'arn' | 'userId'> {
    return { arn: `arn:aws:iam::${this.#options.accountId}:user/${name}`, userId: name };
  }
}
