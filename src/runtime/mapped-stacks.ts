import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Has stacks tell lines of the source, for the bundle at this address. `--enable-source-maps` does the same,
 * but reads the map at every start, which is 15 ms of CPU: here nobody does until a stack is looked at.
 * @param bundleUrl whose map lies beside it; where there is none, and for sources, stacks stay as they are
 */
export function mapStacks(bundleUrl: string): void {
  if (!bundleUrl.endsWith('.mjs')) return;
  let map: SourceMap | 'none' | undefined;
  Error.prepareStackTrace = (error, sites) => {
    const known = map ?? readMap(bundleUrl);
    map = known;
    const frames = sites.map((site) => `\n    at ${mapped(site, bundleUrl, known)}`);
    return `${headOf(error)}${frames.join('')}`;
  };
}

function readMap(bundleUrl: string): SourceMap | 'none' {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${bundleUrl}.map`), 'utf8')));
  } catch {
    // Stacks are asked for where something is wrong already: this is not to be it.
    return 'none';
  }
}

function mapped(site: NodeJS.CallSite, bundleUrl: string, map: SourceMap | 'none'): string {
  const text = String(site);
  if (map === 'none') return text;
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (site.getFileName() !== bundleUrl || line === null || column === null) return text;
  const found = map.findEntry(line - 1, column - 1);
  if (!found || !('originalSource' in found)) return text;
  const { originalSource, originalLine, originalColumn } = found;
  return text.replace(
    `${bundleUrl}:${line}:${column}`,
    () => `${originalSource}:${originalLine + 1}:${originalColumn + 1}`,
  );
}

/** As the language has it before the frames. */
function headOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}
