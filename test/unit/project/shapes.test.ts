import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as keys from '#adapters/dynamodb/keys.ts';
import type { Item } from '#adapters/dynamodb/stored-record.ts';
import { readEnvelopeBody, writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readJobBody, writeJobBody } from '#adapters/sqs/job-body.ts';
import { isNewerBody } from '#adapters/sqs/json-body.ts';
import { readRingBody, writeRingBody } from '#adapters/sqs/ring-body.ts';
import { present } from '#test/support/builders.ts';
import { QUEUED_SHAPES } from '#test/support/queued-shapes.ts';
import { STORED_SHAPES } from '#test/support/shapes.ts';

/**
 * `<shape>.v<version>.json`: an item, or a body, as that version wrote it, and what it is read as. A file is
 * never changed by a release that writes a new version, only joined by another one; `UPDATE_SHAPES=1 npx
 * vitest run test/unit/project/shapes.test.ts` writes those of this release. docs/changing-shapes.md.
 */
const FOLDER = 'test/fixtures/shapes';
const isUpdate = process.env['UPDATE_SHAPES'] === '1';

function fileOf(shape: string, version: number): string {
  return `${FOLDER}/${shape.replaceAll(/\W+/g, '-')}.v${version}.json`;
}

function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) =>
      each instanceof Uint8Array || each?.type === 'Buffer'
        ? `base64:${Buffer.from(each instanceof Uint8Array ? each : each.data).toString('base64')}`
        : each instanceof Set
          ? [...each]
          : each,
    ) ?? 'null',
  );
}

function itemIn(file: string): Item {
  return JSON.parse(readFileSync(file, 'utf8'), (_, each) =>
    typeof each === 'string' && each.startsWith('base64:')
      ? Uint8Array.from(Buffer.from(each.slice(7), 'base64'))
      : each,
  ).item;
}

function versionOf(item: Item): number {
  return Number(present(item['v']?.N));
}

async function caught(read: () => unknown): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    return error;
  }
}

describe.each(Object.entries(STORED_SHAPES))('%s', (name, shape) => {
  it('is written with each of its versions, as in their files', async () => {
    const items = await shape.write();
    expect(items.map(versionOf).sort()).toEqual(
      Array.from({ length: shape.version }, (_, index) => index + 1),
    );
    for (const item of items) {
      const file = fileOf(name, versionOf(item));
      const now = { item: asJson(item), reads: asJson(await shape.read(item)) };
      if (isUpdate) writeFileSync(file, `${JSON.stringify(now, undefined, 2)}\n`);
      // Another item in the same version is read by the release before: say how in docs/changing-shapes.md.
      expect(now).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    }
  });

  it('is read in every version that was ever written, and without one as the first', async () => {
    for (let version = 1; version <= shape.version; version += 1) {
      const file = fileOf(name, version);
      const { reads } = JSON.parse(readFileSync(file, 'utf8'));
      expect(asJson(await shape.read(itemIn(file))), file).toEqual(reads);
      if (version > 1) continue;
      const { v: _, ...unversioned } = itemIn(file);
      expect(asJson(await shape.read(unversioned))).toEqual(reads);
    }
  });

  it('is left alone in a version that is not known yet', async () => {
    const item = itemIn(fileOf(name, shape.version));
    const highest = name === 'bubble' ? STORED_SHAPES['message']?.version : shape.version;
    const later = { ...item, v: { N: String(Number(highest) + 1) } };
    const read = await caught(() => shape.read(later));
    if (shape.newer === 'is-added-to') expect(read).not.toBeInstanceOf(Error);
    else expect(read).toMatchObject({ name: 'NewerVersionError' });
  });

  it('is in docs/changing-shapes.md', () => {
    const row = new RegExp(`^\\| ${name} \\| ${shape.version} \\|`, 'm');
    expect(readFileSync('docs/changing-shapes.md', 'utf8')).toMatch(row);
  });
});

describe.each(Object.entries(QUEUED_SHAPES))('%s', (name, { write, read }) => {
  const file = fileOf(name, 1);

  it('is read as it was written, and without a version as the first', () => {
    const now = { body: write(), reads: asJson(read(write())) };
    if (isUpdate) writeFileSync(file, `${JSON.stringify(now, undefined, 2)}\n`);
    const known = JSON.parse(readFileSync(file, 'utf8'));
    expect(now).toEqual(known);
    const { v, ...unversioned } = JSON.parse(known.body);
    expect(v).toBe(1);
    expect(asJson(read(JSON.stringify(unversioned)))).toEqual(known.reads);
  });

  it('is told apart from a broken one in a version that is not known yet', () => {
    const later = JSON.stringify({ ...JSON.parse(write()), v: 2 });
    expect(read(later)).toBe('malformed');
    expect(isNewerBody(later)).toBe(true);
    expect(isNewerBody(write())).toBe(false);
    expect(isNewerBody('half a {')).toBe(false);
  });

  it('is in docs/changing-shapes.md', () => {
    expect(readFileSync('docs/changing-shapes.md', 'utf8')).toContain(`\n| ${name} | 1 |`);
  });
});

it('knows every kind of item: there is one for every key', () => {
  const made = Object.keys(keys).filter(
    (name) => /Key$/.test(name) && !/OfKey$|^itemKey$/.test(name),
  );
  const known = new Set(Object.values(STORED_SHAPES).map(({ key }) => key));
  expect(made.filter((name) => !known.has(name))).toEqual([]);
  expect(filesWith(String.raw`\bitemKey\(`)).toEqual([
    'src/adapters/dynamodb/dynamo-erasable-chats.ts',
    'src/adapters/dynamodb/keys.ts',
  ]);
});

it('knows every body of a queue, and every secret has its version', () => {
  const bodies = readdirSync('src/adapters/sqs').filter((file) => /-body\.ts$/.test(file));
  expect(bodies.sort()).toEqual([
    'envelope-body.ts',
    'job-body.ts',
    'json-body.ts',
    'ring-body.ts',
  ]);
  const writers = { writeEnvelopeBody, writeJobBody, writeRingBody };
  const readers = { readEnvelopeBody, readJobBody, readRingBody };
  const used = Object.values(QUEUED_SHAPES).flatMap(({ writer, reader }) => [writer, reader]);
  expect(new Set(used)).toEqual(new Set([...Object.values(writers), ...Object.values(readers)]));
  // Nothing else puts a text into a queue or a vault.
  expect(
    filesWith(`MessageBody: (?!write|bodyThatFits)|SecretString = (?!writeSecretText)`),
  ).toEqual(['src/adapters/sqs/send-messages.ts']);
});

it('has no file of a shape that there is not', () => {
  const expected = [
    ...Object.entries(STORED_SHAPES).flatMap(([name, { version }]) =>
      Array.from({ length: version }, (_, index) => fileOf(name, index + 1)),
    ),
    ...Object.keys(QUEUED_SHAPES).map((name) => fileOf(name, 1)),
  ];
  expect(
    readdirSync(FOLDER)
      .map((file) => `${FOLDER}/${file}`)
      .sort(),
  ).toEqual(expected.sort());
  for (const file of expected) expect(existsSync(file)).toBe(true);
});

function filesWith(pattern: string): readonly string[] {
  const found = execFileSync('git', ['grep', '-lP', pattern, '--', 'src'], { encoding: 'utf8' });
  return found.trim().split('\n').sort();
}
