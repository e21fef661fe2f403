import type { VaultMove, VaultMoves } from '#app/ports/vault-moves.ts';

/** The move that goes on, in this process. */
export class InMemoryVaultMoves implements VaultMoves {
  #current: VaultMove | undefined;

  async current(): Promise<VaultMove | undefined> {
    return this.#current;
  }

  async begin(move: VaultMove): Promise<VaultMove> {
    this.#current ??= move;
    return this.#current;
  }

  async end(): Promise<void> {
    this.#current = undefined;
  }
}
