import { timingSafeEqual } from 'node:crypto';
import { GraphError } from './graph-error.ts';
import { MetaApp, type MetaAppDeps } from './meta-app.ts';
import { SHARED_APP_ID } from './numbers.ts';
import { signAsMeta } from './webhook-body.ts';

/** The app by which all demo businesses are served. */
const SHARED = { id: SHARED_APP_ID, name: 'Concierge', callback: '/webhook' };

/** The Meta apps of this world, and which accounts each gets the webhooks of. */
export class MetaApps {
  /** The one that is there from the beginning. */
  readonly shared: MetaApp;
  readonly #deps: Pick<MetaAppDeps, 'clock' | 'randomBytes' | 'numbers'>;
  readonly #all = new Map<string, MetaApp>();
  readonly #subscribed = new Map<string, Set<MetaApp>>();

  constructor({ secret, ...deps }: Omit<MetaAppDeps, 'id' | 'name' | 'callback'>) {
    this.#deps = deps;
    this.shared = this.#put({ ...SHARED, secret });
  }

  /** Somebody makes an app of their own in the dashboard. */
  add(about: Pick<MetaAppDeps, 'name' | 'callback' | 'secret'>): MetaApp {
    return this.#put({ ...about, id: String(BigInt(SHARED.id) + BigInt(this.#all.size)) });
  }

  find(id: string): MetaApp | undefined {
    return this.#all.get(id);
  }

  /** The app of a token `<app id>|<app secret>`. @throws GraphError 104 or 190 */
  ofAppToken(token: string | undefined): MetaApp {
    if (token === undefined) {
      throw new GraphError(104, {
        message: 'An access token is required to request this resource.',
      });
    }
    const [id = '', ...secret] = token.split('|');
    const app = this.find(id);
    if (app && secret.join('|') === app.secret) return app;
    throw new GraphError(190, { message: 'Invalid OAuth access token signature.' });
  }

  /** The app that a client says it is. @throws GraphError 101 */
  ofClient(id: string | null): MetaApp {
    const app = this.find(id ?? '');
    if (app) return app;
    throw new GraphError(101, {
      message: 'Error validating application. Cannot get application info due to a system error.',
    });
  }

  /** Whose signature it is. */
  signerOf(body: Buffer, signature: string | undefined): MetaApp | undefined {
    const given = Buffer.from(signature ?? '');
    return [...this.#all.values()].find(({ secret }) => {
      const right = Buffer.from(signAsMeta(body, secret));
      return given.length === right.length && timingSafeEqual(given, right);
    });
  }

  /** Those that get the account's webhooks; the shared one from the beginning. */
  subscribedTo(accountId: string): readonly MetaApp[] {
    return [...this.#subscribersOf(accountId)];
  }

  subscribe(accountId: string, app: MetaApp, subscribed: boolean): void {
    if (subscribed) this.#subscribersOf(accountId).add(app);
    else this.#subscribersOf(accountId).delete(app);
  }

  #subscribersOf(accountId: string): Set<MetaApp> {
    const known = this.#subscribed.get(accountId);
    if (known) return known;
    const created = new Set([this.shared]);
    this.#subscribed.set(accountId, created);
    return created;
  }

  #put(about: Pick<MetaAppDeps, 'id' | 'name' | 'callback' | 'secret'>): MetaApp {
    const app = new MetaApp({ ...this.#deps, ...about });
    this.#all.set(app.id, app);
    return app;
  }
}
