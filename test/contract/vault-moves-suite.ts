import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSameMove, type VaultMoves } from '#app/ports/vault-moves.ts';

export interface MovesStage {
  readonly moves: VaultMoves;
  close(): Promise<void>;
}

const TO_TABLE = { from: 'secrets-manager', to: 'tenants-table' } as const;
const TO_MANAGER = { from: 'tenants-table', to: 'secrets-manager' } as const;

/** What the note of a move promises, wherever it is kept. */
export function describeVaultMoves(name: string, makeStage: () => Promise<MovesStage>): void {
  describe(name, () => {
    let stage: MovesStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('knows one move at a time, from its beginning to its end', async () => {
      const { moves } = stage;
      expect(await moves.current()).toBeUndefined();
      const move = await moves.begin(TO_TABLE);
      expect(move).toEqual({ ...TO_TABLE, id: expect.any(String) });
      expect(await moves.begin(TO_TABLE)).toEqual(move);
      expect(await moves.begin(TO_MANAGER)).toEqual(move);
      expect(await moves.current()).toEqual(move);
      for (const _ of [1, 2]) await moves.end();
      expect(await moves.current()).toBeUndefined();
      const next = await moves.begin(TO_TABLE);
      expect([isSameMove(next, move), isSameMove(next, await moves.current())]).toEqual([
        false,
        true,
      ]);
      await moves.end();
    });

    it('begins one of two that want to begin at the same time', async () => {
      const { moves } = stage;
      const begun = await Promise.all([moves.begin(TO_TABLE), moves.begin(TO_MANAGER)]);
      expect(begun[0]).toEqual(begun[1]);
      expect(await moves.current()).toEqual(begun[0]);
      await moves.end();
    });
  });
}
