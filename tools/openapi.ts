import { writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi-document.ts';

// `npm run openapi`: writes docs/openapi.json, of which a test says that it is up to date.
const file = new URL('../docs/openapi.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(openApiDocument(), undefined, 2)}\n`);
