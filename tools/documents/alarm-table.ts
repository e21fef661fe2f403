import { type JsonObject, listAt, textAt } from '#domain/json.ts';
import { severities } from '#lib/config/stages.ts';
import type { MarkedBlock } from './marked-block.ts';
import { resourcesOf } from './template.ts';

/** Where the alarms of a stage are listed. */
export const ALARM_TABLE: MarkedBlock = { file: 'docs/alarms.md', command: 'npm run alarms' };

interface AlarmText {
  readonly name: string;
  readonly impact: string;
  readonly severity: string;
  readonly runbook: string;
  /** It tells a topic of its own. */
  readonly acts: boolean;
  /** Of a composite: the alarms that make it go off. */
  readonly members: readonly string[];
}

const NO_WORDS = 'is described as no house alarm is';

/** The alarms of a stage in Markdown, by severity: what each means, what shows it, what to open. */
export function alarmTable(templates: readonly JsonObject[]): string {
  const alarms = resourcesOf(templates)
    .filter(({ type }) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(type))
    .map(({ logicalId, properties }) => readAlarm(logicalId, properties))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const acting = alarms.filter(({ acts }) => acts);
  const silent = alarms.filter((each) => !each.acts && !isMember(each, acting));
  return [
    ...severities.map((severity) => {
      const ofSeverity = acting.filter((each) => each.severity === severity);
      return `### ${severity}\n\n${ofSeverity.length === 0 ? 'None.' : table(ofSeverity, alarms)}`;
    }),
    ...(silent.length === 0 ? [] : [`### Tell nobody\n\n${table(silent, alarms)}`]),
  ].join('\n\n');
}

function readAlarm(logicalId: string, properties: JsonObject): AlarmText {
  const described = /^(.+) Severity: (\w+)\. Runbook: docs\/(\S+\.md)$/.exec(
    textAt(properties, 'AlarmDescription') ?? '',
  );
  const [, impact, severity, runbook] = described ?? [];
  if (impact === undefined || severity === undefined || runbook === undefined) {
    throw new TypeError(`${logicalId} ${NO_WORDS}`);
  }
  const rule = textAt(properties, 'AlarmRule') ?? '';
  return {
    name: shortName(textAt(properties, 'AlarmName') ?? logicalId),
    impact,
    severity,
    runbook,
    acts: listAt(properties, 'AlarmActions').length > 0,
    // What mutes it comes after NOT.
    members: namesIn(rule.split(' NOT ')[0] ?? ''),
  };
}

function namesIn(rule: string): readonly string[] {
  return [...rule.matchAll(/ALARM\("?([^")]+)"?\)/g)].map(([, name = '']) => shortName(name));
}

/** Without the stack, which stands before it. */
function shortName(name: string): string {
  return name.replace(/^concierge-[a-z]+-[a-z]+-/, '');
}

function isMember({ name }: AlarmText, alarms: readonly AlarmText[]): boolean {
  return alarms.some(({ members }) => members.includes(name));
}

function table(rows: readonly AlarmText[], all: readonly AlarmText[]): string {
  return [
    '| alarm | what it means | shown by |',
    '| --- | --- | --- |',
    ...rows.map((each) => {
      const members = all.filter(({ name }) => each.members.includes(name));
      return `| **${linkTo(each)}** | ${each.impact} | ${members.map(linkTo).join(', ')} |`;
    }),
  ].join('\n');
}

function linkTo({ name, runbook }: AlarmText): string {
  return `[${name}](${runbook})`;
}
