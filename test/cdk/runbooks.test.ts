import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { allCommands } from '#operator/command-line.ts';
import { synthesizeStage } from '../support/template.ts';
import { alarmsOf, metricsOf, ruleOf } from '../support/template-alarms.ts';

const templates = synthesizeStage('prod');
const alarms = alarmsOf(templates);
const files = readdirSync('docs/runbooks').filter((file) => file.endsWith('.md'));

function textOf(file: string): string {
  return readFileSync(`docs/runbooks/${file}`, 'utf8');
}

const ofAlarms = files.filter((file) => alarms.some(({ runbook }) => `${runbook}.md` === file));

it('there is none that neither an alarm nor another one leads to', () => {
  const linked = ofAlarms.flatMap((file) => linksIn(textOf(file)));
  expect(files.filter((file) => !ofAlarms.includes(file) && !linked.includes(file))).toEqual([]);
});

describe.each(ofAlarms)('%s', (file) => {
  const text = textOf(file);

  it('says what it means, where to look, what to do first, and when it is over', () => {
    const parts = ['**What happened.**', '**Look.**', '**Do.**', '**It is over**'];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect([...places].sort((one, other) => one - other)).toEqual(places);
    const [, does = ''] = text.split('**Do.**');
    for (const step of ['1.', '2.', '3.']) expect(does).toMatch(new RegExp(`^${step} `, 'm'));
  });

  it('leads nowhere but to files that there are', () => {
    for (const link of linksIn(text)) {
      expect(() =>
        readFileSync(new URL(link, `file://${process.cwd()}/docs/runbooks/`)),
      ).not.toThrow();
    }
  });
});

it('gives as outputs what the commands of the runbooks ask to fill in', () => {
  const { stateful, service } = templates;
  const outputs = Object.keys({ ...stateful.findOutputs('*'), ...service.findOutputs('*') });
  const asked = files.flatMap((file) =>
    [...textOf(file).matchAll(/<([A-Z][A-Za-z]+)>/g)].map(([, name]) => name),
  );
  expect(asked).toContain('ConversationsTableName');
  expect(asked.filter((name) => !outputs.includes(String(name)))).toEqual([]);
});

it('asks for commands and options that there are', () => {
  const deps = { terminal: {} as never, connect: {} as never, pause: {} as never };
  const program = allCommands(deps, () => {});
  const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);
  for (const file of files) {
    for (const [line, words = ''] of textOf(file).matchAll(/npx concierge ([^`\n#]+)/g)) {
      expect(unknownIn(words, program), `${file}: ${line}`).toEqual([]);
    }
    for (const [line, script] of textOf(file).matchAll(/npm run ([a-z:]+)/g)) {
      expect(scripts, `${file}: ${line}`).toContain(script);
    }
  }
});

it('goes back by what the alarms do not hold up', () => {
  const all = files.flatMap((file) => [...textOf(file).matchAll(/git checkout [^`\n]+/g)]);
  expect(all.length).toBeGreaterThan(5);
  // While a release's alarms are red CodeDeploy begins nothing.
  for (const [line] of all) expect(line).toMatch(/npm run deploy -- <stage> --at-once$/);
});

it('look at our own metrics where they are published', () => {
  const watched = alarms
    .filter(({ kind }) => kind === 'metric')
    .flatMap((alarm) => metricsOf(templates, alarm))
    .map(({ namespace, name }) => `${namespace} ${name}`);
  const asked = files.flatMap((file) =>
    [...textOf(file).matchAll(/--namespace (Concierge\S*) --metric-name (\S+)/g)].map(
      ([, namespace = '', name]) => `${namespace.replace('<stage>', 'prod')} ${name}`,
    ),
  );
  expect(asked.length).toBeGreaterThan(5);
  for (const metric of asked) expect(watched).toContain(metric);
});

it('names in the runbook of each incident the symptoms that set it off', () => {
  for (const incident of alarms.filter(
    ({ kind, tells }) => kind === 'composite' && tells.length > 0,
  )) {
    const text = textOf(`${incident.runbook}.md`);
    const names = ruleOf(incident).members.map((member) =>
      member.replace(/^concierge-[a-z]+-/, ''),
    );
    for (const name of names.map((each) => each.replace(/^(?:service|stateful)-/, ''))) {
      expect(text, `${incident.name}: ${name}`).toContain(`\`${name}\``);
    }
  }
});

/** To files, from docs/runbooks. */
function linksIn(text: string): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
  return links.filter((each) => !each.startsWith('http'));
}

/** What of a command line the program does not know: a subcommand, or an option of the command. */
function unknownIn(words: string, program: Command): readonly string[] {
  const all = words.trim().split(/\s+/);
  let command = program;
  for (const word of all) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next) break;
    command = next;
  }
  if (command.commands.length > 0) return [words];
  const known = command.options.flatMap(({ long, short }) => [long, short]);
  return all.filter((word) => word.startsWith('--') && !known.includes(word));
}
