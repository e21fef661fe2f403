import { api } from './api.js';
import { element } from './element.js';

/** What can be broken from the page; programs can arm more. */
const FAULTS = [
  { label: 'WhatsApp: service down, once', peer: 'graph', fault: 'status:503', times: 1 },
  { label: 'WhatsApp: too many to this customer', peer: 'graph', fault: 'graph:131056', times: 1 },
  {
    label: 'WhatsApp: sent, but the line breaks',
    peer: 'graph',
    fault: 'reset-after-effect',
    times: 1,
  },
  { label: 'Model: rate limit, twice', peer: 'openai', fault: 'throttle', times: 2 },
  { label: 'Model: server error', peer: 'openai', fault: 'status:500', times: 1 },
  { label: 'Model: never answers', peer: 'openai', fault: 'timeout', times: 1 },
  { label: 'Table: throttled, 5 times', peer: 'dynamodb', fault: 'throttle', times: 5 },
  { label: 'Processor: dies at its next call', peer: 'lambda:processor', fault: 'kill', times: 1 },
];

/** The sheet in which the weather is made: a slow model, and things that go wrong. */
export async function startConditions(root) {
  const at = (id) => root.querySelector(`#${id}`);
  startFaults({
    form: at('fault-form'),
    choice: at('fault'),
    state: at('fault-state'),
    clear: at('fault-clear'),
  });
  await startLatency({
    field: at('latency-field'),
    input: at('latency'),
    output: at('latency-value'),
  });
}

async function startLatency({ field, input, output }) {
  const model = await api.model();
  field.hidden = model.kind !== 'scripted';
  show(model.latency_ms ?? 0);
  input.addEventListener('input', () => show(Number(input.value)));
  input.addEventListener('change', () => void api.setModel({ latency_ms: Number(input.value) }));
  function show(ms) {
    input.value = String(ms);
    output.textContent = `${(ms / 1_000).toFixed(1)} s`;
  }
}

function startFaults({ form, choice, state, clear }) {
  choice.append(
    ...FAULTS.map(({ label }, index) => element('option', { value: String(index) }, label)),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { peer, fault, times } = FAULTS[Number(choice.value)];
    void api.arm({ peer, fault, times }).then(show);
  });
  clear.addEventListener('click', () => void api.clearFaults().then(show));
  void api.faults().then(show);
  function show(armed) {
    const words = armed.map(({ peer, fault, times }) => `${peer} ${fault} × ${times}`);
    state.textContent = words.length === 0 ? 'Nothing is armed.' : `Armed: ${words.join(', ')}`;
  }
}
