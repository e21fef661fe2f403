import { InMemoryVaultMoves } from '#adapters/in-memory/in-memory-vault-moves.ts';
import { describeVaultMoves } from './vault-moves-suite.ts';

describeVaultMoves('in memory', async () => ({
  moves: new InMemoryVaultMoves(),
  close: async () => {},
}));
