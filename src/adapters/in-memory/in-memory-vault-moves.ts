import type { VaultMove, VaultMoves, VaultWay } from '#app/ports/vault-moves.ts';

/** The move that goes on, in this process. */
export class InMemoryVaultMoves implements VaultMoves {
  #current: VaultMove | undefined;
  #begun = 0;

  async current(): Promise<VaultMove | undefined> {
    return this.#current;
  }

  async begin(way: VaultWay): Promise<VaultMove> {
    this.#begun += 1;
    this.#current ??= { ...way, id: String(this.#begun) };
    return this.#current;
  }

  async end(): Promise<void> {
    this.#current = undefined;
  }
}
