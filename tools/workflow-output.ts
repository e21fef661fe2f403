import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';

// `npm run workflow-output -- <name> <file>`: a file's text as the output of a step of a GitHub workflow. The
// text may say anything: what ends it is a word that nobody can know.
const [name, file] = process.argv.slice(2);
const target = process.env['GITHUB_OUTPUT'];
if (!name || !file || !target) {
  console.error('Usage, in a workflow: npm run workflow-output -- <name> <file>');
  process.exit(2);
}
const end = randomUUID();
appendFileSync(target, `${name}<<${end}\n${readFileSync(file, 'utf8')}\n${end}\n`);
