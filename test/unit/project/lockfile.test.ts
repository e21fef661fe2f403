import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
);

test('every optional package of the lockfile has an entry, or a clean install refuses it', () => {
  const names = Object.values(lock.packages).flatMap((each) =>
    Object.keys(each.optionalDependencies ?? {}),
  );
  const missing = names.filter(
    (name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)),
  );
  expect(names.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

test('the lockfile names no download address', () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved)).toEqual([]);
});
