import { expect, it } from 'vitest';
import { isImported } from '#lib/bundling/packages-apart.ts';

it.each([
  ['when it is needed', 'const s=()=>import("./client-s3.mjs");', true],
  ['at once', 'import{S3Client as a}from"./client-s3.mjs";', true],
  ['never', 'import{a}from"./other.mjs";', false],
])('knows what a bundle imports %s', (_, code, wanted) => {
  expect(isImported('client-s3.mjs', code)).toBe(wanted);
});
