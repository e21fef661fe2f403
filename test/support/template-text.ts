import type { StageTemplates } from './template.ts';

/**
 * A template value in words: `Conversations.Arn` for an attribute, `ChatsQueue` for a reference,
 * whichever of the two stacks it is in. So a test can compare it with what a person would write.
 */
export function inWords(templates: StageTemplates, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value)) throw new Error(`Not a template value: ${JSON.stringify(value)}`);
  const [name, argument] = Object.entries(value)[0] ?? [];
  switch (name) {
    case 'Ref':
      return nameOf(String(argument));
    case 'Fn::GetAtt':
      if (Array.isArray(argument)) return `${nameOf(String(argument[0]))}.${argument[1]}`;
      break;
    case 'Fn::Select':
      // Part 6 of an ARN that is split at its colons: how the CDK takes a function's name from it.
      if (
        JSON.stringify(value).startsWith('{"Fn::Select":[6,{"Fn::Split":[":",') &&
        Array.isArray(argument)
      ) {
        return inWords(templates, argument[1]['Fn::Split'][1]);
      }
      break;
    case 'Fn::Join':
      if (Array.isArray(argument) && Array.isArray(argument[1])) {
        return argument[1].map((part) => inWords(templates, part)).join(String(argument[0]));
      }
      break;
    case 'Fn::ImportValue':
      return inWords(templates, exported(templates, argument));
  }
  throw new Error(`No words for ${JSON.stringify(value)}`);
}

/** A statement's `Condition` as JSON, in the order of its keys, with every value in words. */
export function conditionInWords(templates: StageTemplates, condition: unknown): string {
  const values = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((each) => inWords(templates, each))
      : inWords(templates, value);
  const sorted = (block: unknown, each: (value: unknown) => unknown) =>
    Object.fromEntries(
      Object.entries(block ?? {})
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, value]) => [key, each(value)]),
    );
  return JSON.stringify(sorted(condition, (keys) => sorted(keys, values)));
}

/** The construct's name in a logical id: what stands before the CDK's hash. */
export function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

function exported({ stateful }: StageTemplates, name: unknown): unknown {
  const outputs = Object.values(stateful.findOutputs('*'));
  const output = outputs.find((each) => each['Export']?.Name === name);
  if (!output) throw new Error(`The stateful stack does not export ${String(name)}`);
  return output['Value'];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
