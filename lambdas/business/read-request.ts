import { type output, safeParse, type ZodMiniType } from 'zod/mini';
import type { $ZodIssue } from 'zod/v4/core';
import type { ProblemDetails } from './problems.ts';

/** A checked value, or what is wrong with it. */
export type Checked<Value> =
  | { readonly kind: 'fine'; readonly value: Value }
  | { readonly kind: 'wrong'; readonly errors: FieldErrors };

type FieldErrors = NonNullable<ProblemDetails['errors']>;

export function check<Schema extends ZodMiniType>(
  schema: Schema,
  value: unknown,
): Checked<output<Schema>> {
  const parsed = safeParse(schema, value);
  if (parsed.success) return { kind: 'fine', value: parsed.data };
  return { kind: 'wrong', errors: parsed.error.issues.flatMap(inWords) };
}

export function wrong(field: string, message: string): Checked<never> {
  return { kind: 'wrong', errors: [{ field, message }] };
}

/** In words of ours: none repeats what was sent. */
function inWords(issue: $ZodIssue): FieldErrors {
  const field = issue.path.join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        field: [...issue.path, key].join('.').slice(0, 64),
        message: 'is not known',
      }));
    case 'invalid_union': {
      // What is nearest to one of the forms tells most.
      const [nearest = []] = issue.errors.toSorted((one, other) => one.length - other.length);
      return nearest.flatMap(inWords);
    }
    case 'too_small':
      return [{ field, message: `must be at least ${issue.minimum}${unitOf(issue.origin)}` }];
    case 'too_big':
      return [{ field, message: `must be at most ${issue.maximum}${unitOf(issue.origin)}` }];
    case 'invalid_type':
      if (field === '') return [{ field, message: 'the body must be an object, in JSON' }];
      return [{ field, message: `must be of type ${issue.expected}` }];
    case 'invalid_value':
      return [{ field, message: `must be one of ${issue.values.join(', ')}` }];
    case 'invalid_format':
      return [{ field, message: `must be of the form ${issue.pattern ?? issue.format}` }];
    default:
      return [{ field, message: 'is not valid' }];
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' elements long' : '';
}
