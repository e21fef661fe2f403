import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const documents = ['README.md', ...globSync('docs/**/*.md')];

it.each(documents)('%s links to what is there', (file) => {
  const broken = linksIn(file).filter(({ path, anchor }) => {
    if (!existsSync(path)) return true;
    return anchor !== '' && statSync(path).isFile() && !anchorsOf(path).includes(anchor);
  });
  expect(broken.map(({ link }) => link)).toEqual([]);
});

/** Links within the repository, by the file and the heading that they name. */
function linksIn(file: string) {
  return [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', anchor = ''] = link.split('#');
      return { link, anchor, path: path === '' ? file : normalize(join(dirname(file), path)) };
    });
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
