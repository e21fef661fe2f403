import { userIdOf } from './user-id.ts';

/** A person (or group) as one business portfolio knows them. */
export interface WhatsAppUser {
  /** Digits; undefined for somebody known by user id alone, and for a group. */
  phone: string | undefined;
  /** Business-scoped user id; for a group its id. */
  userId: string;
  name: string;
  readonly isGroup: boolean;
}

/** What one event tells about who somebody is. */
export interface Sighting {
  readonly phone?: string | undefined;
  readonly userId?: string | undefined;
  readonly name?: string | undefined;
}

/** Who was met, and the records that turned out to be the same person. */
export interface Meeting {
  readonly user: WhatsAppUser;
  readonly absorbed: readonly WhatsAppUser[];
}

/** People by phone and by user id, per portfolio; a sighting that carries both links the two. */
export class ContactBook {
  readonly #byAlias = new Map<string, WhatsAppUser>();

  find(portfolioId: string, alias: string): WhatsAppUser | undefined {
    return this.#byAlias.get(aliasKey(portfolioId, alias));
  }

  /** Finds or creates the person that an event tells of. */
  meet(portfolioId: string, sighting: Sighting): Meeting {
    const { phone, userId } = sighting;
    const user =
      (phone === undefined ? undefined : this.find(portfolioId, phone)) ??
      (userId === undefined ? undefined : this.find(portfolioId, userId)) ??
      newUser(portfolioId, sighting);
    return this.link(portfolioId, user, sighting);
  }

  /** Gives a known person a further phone or id; the earlier ones still lead to them. */
  link(portfolioId: string, user: WhatsAppUser, { phone, userId, name }: Sighting): Meeting {
    if (phone !== undefined) user.phone = phone;
    if (userId !== undefined) user.userId = userId;
    if (name !== undefined && name !== '') user.name = name;
    const aliases = [phone, user.userId].filter((alias) => alias !== undefined);
    const absorbed = aliases
      .map((alias) => this.find(portfolioId, alias))
      .filter((other) => other !== undefined)
      .filter((other) => other !== user);
    for (const other of absorbed) this.#redirect(other, user);
    for (const alias of aliases) this.#byAlias.set(aliasKey(portfolioId, alias), user);
    return { user, absorbed };
  }

  /** A group is addressed by its id and has neither phone nor user id. */
  meetGroup(portfolioId: string, groupId: string): WhatsAppUser {
    const known = this.find(portfolioId, groupId);
    if (known) return known;
    const group = { phone: undefined, userId: groupId, name: 'Group', isGroup: true };
    this.#byAlias.set(aliasKey(portfolioId, groupId), group);
    return group;
  }

  #redirect(from: WhatsAppUser, to: WhatsAppUser): void {
    for (const [key, user] of this.#byAlias) if (user === from) this.#byAlias.set(key, to);
  }
}

function newUser(portfolioId: string, { phone, userId }: Sighting): WhatsAppUser {
  const id = userId ?? userIdOf(portfolioId, phone ?? '');
  return { phone, userId: id, name: phone ? `+${phone}` : id, isGroup: false };
}

function aliasKey(portfolioId: string, alias: string): string {
  return `${portfolioId}/${alias}`;
}
