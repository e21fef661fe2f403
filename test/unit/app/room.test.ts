import { describe, expect, test } from 'vitest';
import { Room } from '#app/room.ts';
import { present } from '#test/support/builders.ts';
import { ManualPauses } from '#test/support/recorders.ts';

function aRoom(size = 10) {
  const pauses = new ManualPauses();
  return { room: new Room(size, pauses), pauses };
}

describe('a room', () => {
  test('lets in at once what fits', async () => {
    const { room, pauses } = aRoom();
    expect(await room.enter(6, 1_000)).toBeDefined();
    expect(await room.enter(4, 1_000)).toBeDefined();
    expect(pauses.begun).toEqual([]);
  });

  test('has others wait until somebody leaves, or needs less, in their order', async () => {
    const { room } = aRoom();
    const first = present(await room.enter(8, 1_000));
    const entered: string[] = [];
    const large = room.enter(7, 1_000).then(() => entered.push('large'));
    const small = room.enter(1, 1_000).then(() => entered.push('small'));
    first.shrink(4);
    await Promise.resolve();
    expect(entered).toEqual([]);
    first.shrink(2);
    await Promise.all([large, small]);
    expect(entered).toEqual(['large', 'small']);
  });

  test('lets nobody wait for longer than they can, and then lets in who waits behind them', async () => {
    const { room, pauses } = aRoom();
    await room.enter(8, 1_000);
    const large = room.enter(7, 500);
    pauses.end();
    expect(await large).toBeUndefined();
    expect(pauses.begun).toEqual([500]);
    expect(await room.enter(2, 1_000)).toBeDefined();
  });

  test('is free again when all have left, however often they say so', async () => {
    const { room } = aRoom();
    const first = present(await room.enter(10, 1_000));
    first.leave();
    first.leave();
    await room.enter(10, 1_000);
    const third = room.enter(1, 1_000);
    expect(await Promise.race([third, Promise.resolve('waits')])).toBe('waits');
  });

  test('is had alone by what is larger than it', async () => {
    const { room } = aRoom();
    const large = present(await room.enter(50, 1_000));
    const next = room.enter(1, 1_000);
    large.leave();
    expect(await next).toBeDefined();
  });
});
