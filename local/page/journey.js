import { element, icon } from './element.js';
import { STATIONS } from './stations.js';

/** How far the latest message of one chat has come, with the time to each station. */
export function createJourney({ name, hue }) {
  const steps = new Map(
    STATIONS.map(({ kind, label, icon: paths }) => {
      const took = element('span', { class: 'took' });
      const node = element(
        'li',
        { class: 'step', 'data-kind': kind },
        element('span', { class: 'dot' }, icon(paths)),
        element('span', { class: 'step-label' }, label),
        took,
      );
      return [kind, { node, took }];
    }),
  );
  const node = element(
    'section',
    { class: 'journey', 'aria-label': `Way of ${name}'s latest message` },
    element('h3', {}, element('span', { class: 'swatch', 'aria-hidden': 'true' }), name),
    element('ol', { class: 'steps' }, ...[...steps.values()].map((step) => step.node)),
  );
  node.style.setProperty('--hue', hue);
  let startedAt;
  /** Whether the model was asked since the latest message: what is told before belongs to an earlier turn. */
  let asked = false;

  function restart(at) {
    startedAt = at;
    asked = false;
    for (const step of steps.values()) {
      step.node.classList.remove('done', 'now', 'trouble');
      step.took.textContent = '';
    }
  }

  /** Lights the station of this entry up, and those that it proves were passed. */
  function advance({ kind, at, detail }) {
    if (kind === 'message') restart(at);
    if (detail === 'Asked the model') asked = true;
    const step = steps.get(kind);
    if (!step || startedAt === undefined || !belongs(kind, detail)) return;
    for (const each of steps.values()) each.node.classList.remove('now');
    for (const passed of kind === 'model' ? ['queue', 'turn'] : []) {
      steps.get(passed).node.classList.add('done');
    }
    step.node.classList.add('done', 'now');
    step.node.classList.toggle('trouble', /refused|failed|no answer|: [45]\d\d/.test(detail));
    const isLate = asked && (kind === 'queue' || kind === 'turn');
    if (step.took.textContent === '' && !isLate) step.took.textContent = spanOf(at - startedAt);
  }

  /** An earlier turn may still be at work, and its statuses come in, while the next message is on its way. */
  function belongs(kind, detail) {
    if (kind === 'webhook') return detail.startsWith('message');
    if (kind === 'turn') return asked || !detail.startsWith('Turn closed');
    if (kind === 'status') return steps.get('send').node.classList.contains('done');
    return asked || (kind !== 'model' && kind !== 'send');
  }

  return { node, advance };
}

export function spanOf(ms) {
  return ms < 1_000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
