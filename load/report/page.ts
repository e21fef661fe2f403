import type { Verdict } from '../judge/verdict.ts';

export interface Report {
  readonly title: string;
  readonly what: string;
  /** When, where, with what. */
  readonly facts: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** SVG documents. */
  readonly plots: readonly string[];
  /** What artillery said. */
  readonly log: string;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}.missed td{background:#fdecea}svg{max-width:100%;height:auto}pre{overflow:auto;background:#f6f6f6;padding:1rem}';

/** One page that needs nothing beside it. */
export function pageOf({ title, what, facts, verdicts, plots, log }: Report): string {
  const rows = verdicts.map(
    (each) =>
      `<tr${each.holds ? '' : ' class="missed"'}>${[each.holds ? 'ok' : 'MISSED', each.by, each.what, each.is, each.wanted].map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
<p>${escaped(what)}</p>
<ul>
${facts.map((fact) => `<li>${escaped(fact)}</li>`).join('\n')}
</ul>
<table>
<tr><th></th><th>by</th><th>what</th><th>is</th><th>wanted</th></tr>
${rows.join('\n')}
</table>
${plots.join('\n')}
<details><summary>What artillery said</summary><pre>${escaped(log)}</pre></details>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
