import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { businessRoutes } from '#lambdas/business/config.ts';
import { openApiDocument } from '../../../tools/openapi-document.ts';

function written(): Record<string, unknown> {
  return JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
}

test('docs/openapi.json is what the schemas say: npm run openapi', () => {
  expect(written()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

test('it is valid by the schema of OpenAPI itself', async () => {
  expect(await new Validator().validate(written())).toEqual({ valid: true });
});

test('every route is described, each with who may not', () => {
  const paths = written()['paths'] as Record<string, Record<string, { responses: object }>>;
  for (const { method, path } of businessRoutes) {
    expect(Object.keys(paths[path]?.[method.toLowerCase()]?.responses ?? {})).toContain('403');
  }
});
