/*
 * The page of the sample: starts runs, watches the active one, and compares two of them. Its JSON is that of /runs.
 * The components are those of the board, and the lanes and the limit come from its endpoint.
 *
 * The query of the URL has the settings of the form that differ from the defaults, and the hash has the compared runs.
 * All text is set as text, never as HTML.
 */
const board = await import('./actuator/queueboard/charts.js').catch(() => null);

const FIELDS = ['workers', 'maxsize', 'rateLimit', 'latency', 'failureShare', 'items'];

const BOARD = 'actuator/queueboard';

const POLL = 1000;

const IDLE_POLL = 5000;

const $ = (id) => document.getElementById(id);

/** Response of /runs. */
let list = null;

/** Run that is shown above the comparison: the active one, or the last one. */
let shown = null;

/** Components that are made with the first response. */
let view = null;

let charts = [];

/** Compared runs by the letters of their selectors; null for none. */
const compared = { a: null, b: null };

/** Runs by id. */
const runs = new Map();

/** Newest sample of the board for the shown queue. */
let since = null;

/** Whether the board has named a worker of the shown queue. */
let lanesKnown = false;

let timer = 0;

/* Requests */

async function getJson(path) {
  const response = await fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (!response.ok) {
    throw new Error('The server responded with status ' + response.status + '.');
  }
  return response.json();
}

function showTrouble(text) {
  board.setText($('trouble-text'), text);
  $('trouble').hidden = text === '';
}

function announce(text) {
  $('status').textContent = text;
}

/** Polls the active run and the board, or all runs while no run is active. */
async function poll() {
  clearTimeout(timer);
  try {
    if (shown !== null && shown.state === 'running') {
      await pollRun(shown.id);
    } else {
      await loadRuns();
    }
    showTrouble('');
  } catch (error) {
    showTrouble('The application does not respond. ' + error.message);
  }
  clearTimeout(timer);
  if (!document.hidden) {
    timer = setTimeout(poll, list !== null && list.active ? POLL : IDLE_POLL);
  }
}

async function loadRuns() {
  list = await getJson('runs');
  runs.clear();
  list.runs.forEach((run) => runs.set(run.id, run));
  const newest = list.runs[0] || null;
  if (newest !== null && (shown === null || newest.id !== shown.id)) {
    clearBoard();
    compare(newest.id);
  }
  shown = newest;
  if (view === null) {
    makePage();
  }
  showAll();
}

async function pollRun(id) {
  const [run, data] = await Promise.all([getJson('runs/' + id), getBoard(shown)]);
  if (run.queue?.id !== shown.queue?.id) {
    clearBoard(); // the warm-up of the matches job has a queue of its own
  }
  runs.set(id, run);
  shown = run;
  showBoard(data);
  if (run.state === 'running') {
    showRun();
    showComparison();
  } else {
    announce(title(run) + ' is ' + run.state + ' after ' + board.formatMillis(run.summary.elapsed) + '.');
    await loadRuns();
  }
}

/** Returns what the board knows about the queue of a run; null if it does not know it. */
async function getBoard(run) {
  if (!run.queue) {
    return null;
  }
  const query = new URLSearchParams({ name: run.queue.name, id: run.queue.id });
  if (since !== null) {
    query.set('since', since);
  }
  try {
    return await getJson(BOARD + '/data?' + query);
  } catch {
    return null; // the endpoint is not exposed
  }
}

function clearBoard() {
  since = null;
  lanesKnown = false;
  view?.lanes.clear();
}

function showBoard(data) {
  const selected = data && data.selected;
  if (!selected || !shown.queue || selected.id !== shown.queue.id) {
    return;
  }
  since = data.second;
  view.limit.set(selected.limit);
  if (selected.figures) {
    view.active.set(selected.figures.active, selected.figures.workers);
    view.depth.set(selected.figures.depth, selected.figures.maxsize);
  }
  if (selected.lanes) {
    lanesKnown ||= selected.lanes.shown.length > 0;
    view.lanes.update(selected.lanes, Math.round(Date.parse(data.time) / 1000));
  }
}

/* Texts */

function jobName(settings) {
  return settings.job === 'ladder' ? 'ladder' : 'matches, ' + (settings.mode === 'collect' ? 'collected' : 'consumed');
}

function title(run) {
  return 'Run ' + run.id;
}

function settingsText(run) {
  const { workers, maxsize, rateLimit, latency, failureShare, items } = run.settings;
  const parts = [board.formatCount(workers) + ' workers', 'capacity ' + board.formatCount(maxsize)];
  parts.push(rateLimit === 'none' ? 'no rate limit' : 'rate limit ' + rateLimit);
  if (items !== undefined) {
    parts.push('latency ' + board.formatMillis(latency), percent(failureShare) + ' failures', board.formatCount(items) + ' items');
  }
  return parts.join(', ') + (run.source === 'command line' ? ', started with the application' : '');
}

function choiceText(run) {
  const { workers, rateLimit } = run.settings;
  return run.id + ': ' + jobName(run.settings) + ', ' + workers + ' workers' + (rateLimit === 'none' ? '' : ', ' + rateLimit);
}

function percent(share) {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }).format(share * 100) + ' %';
}

function megabytes(bytes) {
  return bytes === undefined ? '–' : new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }).format(bytes / 1e6) + ' MB';
}

function rate(value) {
  return value === null || value === undefined ? '–' : new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }).format(value) + ' /s';
}

function exceptionsText(summary) {
  const types = Object.entries(summary.failures || {}).map(([type, count]) => type + ': ' + board.formatCount(count));
  return types.length > 0 ? types.join(', ') : '–';
}

/* Form */

function rules() {
  return list.jobs.find((job) => jobValue(job.defaults) === $('job').value) || list.jobs[0];
}

function jobValue(settings) {
  return settings.mode ? settings.job + '-' + settings.mode : settings.job;
}

function makeForm() {
  $('job').replaceChildren(...list.jobs.map(({ defaults }) => new Option(capitalized(jobName(defaults)), jobValue(defaults))));
  const query = new URLSearchParams(location.search);
  const job = query.get('job');
  if (job !== null) {
    const value = job === 'matches' ? job + '-' + (query.get('mode') || 'consume') : job;
    select('job', value);
  }
  fillForm(query);
  $('job').addEventListener('change', () => {
    fillForm(new URLSearchParams());
    updateUrl();
  });
  $('form').addEventListener('input', updateUrl);
  $('form').addEventListener('submit', start);
  $('reset').addEventListener('click', () => {
    fillForm(new URLSearchParams());
    updateUrl();
  });
  $('cancel').addEventListener('click', cancel);
}

function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** Selects an option, or shows an error if there is none. */
function select(id, value) {
  const known = [...$(id).options].some((option) => option.value === value);
  if (known) {
    $(id).value = value;
  } else {
    showError(id, 'must be one of ' + [...$(id).options].map((option) => option.value).join(', ') + ", but was '" + value + "'");
  }
}

/** Fills all fields but the job with these values, and the others with the defaults of the job. */
function fillForm(values) {
  const { defaults, rateLimits, maxWorkers, maxMaxsize, maxLatency, maxItems } = rules();
  if (values.get('job') === null || $('job-error').hidden) {
    clearErrors();
  }
  $('rateLimit').replaceChildren(...rateLimits.map((limit) => new Option(limit === 'none' ? 'None' : limit, limit)));
  const maxima = { workers: maxWorkers, maxsize: maxMaxsize, latency: maxLatency, items: maxItems };
  for (const field of FIELDS) {
    const value = values.has(field) ? values.get(field) : defaults[field];
    $(field).closest('.field').hidden = defaults[field] === undefined;
    if (field === 'rateLimit') {
      $(field).value = defaults.rateLimit;
      select(field, value);
    } else {
      $(field).value = value ?? '';
      if (maxima[field] !== undefined) {
        $(field).max = maxima[field];
      }
    }
  }
  board.setText($('items-label'), defaults.job === 'ladder' ? 'Summoners' : 'Matches');
}

/** Returns the job and the fields with a value, as the server expects them. */
function formValues() {
  const { defaults } = rules();
  const values = { job: defaults.job };
  if (defaults.mode) {
    values.mode = defaults.mode;
  }
  for (const field of FIELDS) {
    const value = $(field).value;
    if (value !== '' && defaults[field] !== undefined) {
      values[field] = field === 'rateLimit' ? value : Number(value);
    }
  }
  return values;
}

function updateUrl() {
  const { defaults } = rules();
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(formValues())) {
    if (field === 'job' || field === 'mode' || value !== defaults[field]) {
      query.set(field, value);
    }
  }
  history.replaceState(null, '', '?' + query + location.hash);
}

function clearErrors() {
  ['job', ...FIELDS].forEach((field) => {
    $(field + '-error').hidden = true;
    $(field).removeAttribute('aria-invalid');
    $(field).removeAttribute('aria-describedby');
  });
  $('form-error').hidden = true;
}

function showError(field, text) {
  const id = field === 'mode' ? 'job' : field;
  if ($(id + '-error') === null) {
    board.setText($('form-error'), text);
    $('form-error').hidden = false;
    return;
  }
  board.setText($(id + '-error'), capitalized(text));
  $(id + '-error').hidden = false;
  $(id).setAttribute('aria-invalid', 'true');
  $(id).setAttribute('aria-describedby', id + '-error');
}

async function start(event) {
  event.preventDefault();
  clearErrors();
  $('start').disabled = true;
  try {
    const response = await fetch('runs', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(formValues()),
    });
    const body = await response.json().catch(() => ({}));
    if (response.status === 400 && body.violations) {
      body.violations.forEach(({ field, allowed, value }) => showError(field, 'must be ' + allowed + ', but was ' + value));
      document.querySelector('#form [aria-invalid]')?.focus();
    } else if (!response.ok) {
      showError('', body.message || 'The server responded with status ' + response.status + '.');
    } else {
      announce(title(body) + ' has started.');
    }
    await poll();
  } catch (error) {
    showError('', 'The run was not started: ' + error.message);
  }
  showBusy();
}

async function cancel() {
  $('cancel').disabled = true;
  try {
    const response = await fetch('runs/' + shown.id, { method: 'DELETE' });
    announce(response.ok ? title(shown) + ' is being cancelled.' : title(shown) + ' has already ended.');
  } catch (error) {
    showTrouble('The run was not cancelled: ' + error.message);
  }
  await poll();
}

function showBusy() {
  $('start').disabled = list.active;
  $('busy').hidden = !list.active;
  board.setText($('busy'), 'One run at a time: wait until the active one has ended, or cancel it.');
}

/* Active run */

const FIGURES = [
  ['elapsed', 'Elapsed', (run) => board.formatMillis(run.summary.elapsed)],
  ['throughput', 'Throughput', (run) => rate(run.summary.throughput)],
  ['calls', 'Calls', (run) => board.formatCount(run.summary.calls)],
  ['retries', 'Retries', (run) => board.formatCount(run.summary.retries)],
  ['failed', 'Failures', (run) => board.formatCount(run.summary.failed)],
  ['blocked', 'Blocked in put', (run) => board.formatMillis(run.summary.blocked)],
  ['results', 'Results', (run) => board.formatCount(run.summary.results)],
  ['retained', 'Heap retained', (run) => megabytes(run.summary.retained)],
];

function showRun() {
  $('run').hidden = shown === null;
  if (shown === null) {
    return;
  }
  const running = shown.state === 'running';
  board.setText($('run-title'), title(shown) + ': ' + jobName(shown.settings));
  board.setText($('run-state'), shown.state);
  $('run-state').dataset.state = shown.state;
  board.setText($('run-settings'), capitalized(settingsText(shown)));
  $('cancel').hidden = !running;
  $('cancel').disabled = false;
  $('run-limit').hidden = !running;
  $('run-meters').hidden = !running;
  $('lanes-section').hidden = !lanesKnown;
  board.setText($('lanes-title'), running ? 'Workers, last minute' : 'Workers, last minute of the run');
  $('run-board').hidden = !shown.queue;
  if (shown.queue) {
    $('run-board').href = BOARD + '#' + new URLSearchParams({ name: shown.queue.name, ...(running ? { id: shown.queue.id } : {}) });
  }
  const { items, job } = shown.settings;
  $('progress').hidden = !running || items === undefined;
  if (items !== undefined) {
    const total = job === 'ladder' ? items + 2 : items;
    const share = Math.min(100, Math.round((shown.summary.done / total) * 100));
    $('progress-fill').style.width = share + '%';
    $('progress-bar').setAttribute('aria-valuenow', share);
    board.setText($('progress-text'), board.formatCount(shown.summary.done) + ' of ' + board.formatCount(total) + ' tasks');
  }
  for (const [key, , text] of FIGURES) {
    const { item, value } = view.figures[key];
    item.hidden = (key === 'results' || key === 'retained') && shown.summary[key] === undefined;
    board.setText(value, text(shown));
  }
  view.figures.failed.item.dataset.alarm = String(shown.summary.failed > 0);
}

function makeFigures() {
  const figures = {};
  for (const [key, label] of FIGURES) {
    const item = board.create('div');
    const value = board.create('dd');
    item.append(board.create('dt', '', label), value);
    $('figures').append(item);
    figures[key] = { item, value };
  }
  return figures;
}

/* Comparison */

const LETTERS = { a: { color: 'running', dash: [] }, b: { color: 'retried', dash: [6, 4] } };

const COMPARED = [
  ['Job', (run) => capitalized(jobName(run.settings))],
  ['State', (run) => run.state],
  ['Workers', (run) => board.formatCount(run.settings.workers)],
  ['Capacity', (run) => board.formatCount(run.settings.maxsize)],
  ['Rate limit', (run) => run.settings.rateLimit],
  ['Latency', (run) => board.formatMillis(run.settings.latency)],
  ['Failure share', (run) => (run.settings.failureShare === undefined ? '–' : percent(run.settings.failureShare))],
  ['Items', (run) => board.formatCount(run.settings.items)],
  ['Elapsed', (run) => board.formatMillis(run.summary.elapsed)],
  ['Throughput', (run) => rate(run.summary.throughput)],
  ['Calls', (run) => board.formatCount(run.summary.calls)],
  ['Retries', (run) => board.formatCount(run.summary.retries)],
  ['Failures', (run) => board.formatCount(run.summary.failed)],
  ['Exceptions', (run) => exceptionsText(run.summary)],
  ['Blocked in put', (run) => board.formatMillis(run.summary.blocked)],
  ['Results', (run) => board.formatCount(run.summary.results)],
  ['Heap retained', (run) => megabytes(run.summary.retained)],
];

/** Compares a new run with the newest one of before, unless the hash has other ones. */
function compare(newest) {
  const chosen = new URLSearchParams(location.hash.slice(1));
  const first = view === null;
  for (const letter of ['a', 'b']) {
    const id = Number(chosen.get(letter));
    if (first && runs.has(id)) {
      compared[letter] = id;
    }
  }
  if (first && compared.a !== null) {
    return;
  }
  const before = [...runs.keys()].filter((id) => id !== newest);
  compared.b = before.length > 0 ? Math.max(...before) : null;
  compared.a = newest;
}

function showChoices() {
  for (const letter of ['a', 'b']) {
    if (!runs.has(compared[letter])) {
      compared[letter] = null;
    }
    const options = [...runs.values()].sort((x, y) => y.id - x.id).map((run) => new Option(choiceText(run), run.id));
    if (letter === 'b') {
      options.unshift(new Option('None', ''));
    }
    $(letter).replaceChildren(...options);
    $(letter).value = compared[letter] ?? '';
  }
}

function choose() {
  for (const letter of ['a', 'b']) {
    compared[letter] = $(letter).value === '' ? null : Number($(letter).value);
  }
  rememberChoice();
  showComparison();
}

function rememberChoice() {
  const hash = new URLSearchParams();
  for (const letter of ['a', 'b']) {
    if (compared[letter] !== null) {
      hash.set(letter, compared[letter]);
    }
  }
  history.replaceState(null, '', location.search + '#' + hash);
}

function swap() {
  [compared.a, compared.b] = [compared.b ?? compared.a, compared.a];
  showChoices();
  rememberChoice();
  showComparison();
}

function showComparison() {
  const a = runs.get(compared.a) || null;
  const b = compared.b === compared.a ? null : runs.get(compared.b) || null;
  $('no-runs').hidden = a !== null;
  $('comparison').hidden = a === null;
  if (a === null) {
    return;
  }
  charts.forEach((chart) => chart.set(a, b));
  const both = b === null ? [a] : [a, b];
  const head = board.headRow(['Quantity', ...both.map((run, i) => 'AB'[i] + ': run ' + run.id)]);
  const body = board.create('tbody');
  for (const [label, text] of COMPARED) {
    const row = board.create('tr');
    const cell = board.create('th', '', label);
    const texts = both.map(text);
    cell.scope = 'row';
    row.dataset.wide = String(label === 'Exceptions');
    row.dataset.differs = String(texts.length > 1 && texts[0] !== texts[1]);
    row.append(cell, ...texts.map((value) => board.create('td', '', value)));
    body.append(row);
  }
  view.summaries.replaceChildren(board.create('caption', '', 'Settings and summaries of the compared runs'), head, body);
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

/** Chart of one value of two runs over the time since their starts. */
class RunChart {
  constructor(parent, { key, title, format, mean }) {
    this.key = key;
    this.title = title;
    this.format = format;
    this.mean = mean;
    this.data = [[], [], []];
    this.names = ['', ''];
    this.root = board.create('figure', 'chart');
    const caption = board.create('figcaption');
    const heading = board.create('h3', '', title);
    heading.id = 'compare-' + key;
    this.root.setAttribute('aria-labelledby', heading.id);
    this.clock = board.create('span', 'chart-clock');
    caption.append(heading, this.clock);
    const legend = board.create('ul', 'chart-key');
    this.values = Object.values(LETTERS).map((line, i) => {
      const item = board.create('li');
      const value = board.create('span', 'chart-value', '–');
      item.append(swatch(line), board.create('span', '', 'AB'[i]), value);
      legend.append(item);
      return { item, value };
    });
    this.plot = board.create('div', 'chart-plot');
    this.plot.setAttribute('role', 'img');
    this.details = board.create('details', 'behind');
    this.body = board.create('tbody');
    const scroll = board.scrollRegion(title + ', table');
    const table = board.create('table');
    table.append(board.create('caption', '', 'Values since the start of each run'), board.headRow(['Time', 'A', 'B']), this.body);
    scroll.append(table);
    this.details.append(board.create('summary', '', 'Table'), scroll);
    this.details.addEventListener('toggle', () => this.fillTable());
    this.root.append(caption, legend, this.plot, this.details);
    parent.append(this.root);
    this.chart = new uPlot(this.options(), this.data, this.plot);
    new ResizeObserver(() => this.resize()).observe(this.plot);
  }

  options() {
    const axis = {
      stroke: () => color('muted'),
      grid: { stroke: () => color('grid'), width: 1 },
      ticks: { show: false },
      font: '11px ' + getComputedStyle(document.body).fontFamily,
    };
    return {
      width: 320,
      height: 180,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'runs', setSeries: false }, points: { size: 6 } },
      scales: {
        x: { time: false, range: (chart, minimum, maximum) => [0, Math.max(maximum || 0, 1)] },
        y: { range: (chart, minimum, maximum) => [0, Math.max(maximum || 0, 4) * 1.08] },
      },
      axes: [
        { ...axis, size: 24, gap: 4, space: 56, values: (chart, ticks) => ticks.map((tick) => tick + ' s') },
        { ...axis, size: 48, gap: 6, space: 32, values: (chart, ticks) => ticks.map(board.axisCount) },
      ],
      series: [
        {},
        ...Object.values(LETTERS).map((line, i) => ({
          stroke: () => color(line.color),
          width: 1.75,
          dash: line.dash,
          fill: i === 0 ? () => color(line.color) + '22' : undefined,
          spanGaps: true,
          points: { show: false },
        })),
      ],
      hooks: { setCursor: [() => this.showValues()] },
    };
  }

  set(a, b) {
    const tables = [a, b].filter((run) => run !== null).map((run) => [run.samples.time, run.samples[this.key]]);
    const joined = tables.length > 1 ? uPlot.join(tables) : tables[0];
    this.data = joined.length > 2 ? joined : [...joined, joined[0].map(() => null)];
    this.means = [a, b].map((run) => (run === null ? null : this.mean(run)));
    this.values[1].item.hidden = b === null;
    this.names = [a, b].map((run) => (run === null ? '' : title(run)));
    this.chart.setData(this.data);
    this.showValues();
    this.plot.setAttribute('aria-label', this.title + '. ' + this.names
      .map((name, i) => (name === '' ? '' : name + ': ' + this.format(this.means[i])))
      .filter((text) => text !== '')
      .join('. '));
    this.fillTable();
  }

  /** Shows the values at the pointer, or the means. */
  showValues() {
    const index = this.chart?.cursor.idx;
    const hovered = index !== null && index !== undefined && index < this.data[0].length;
    board.setText(this.clock, hovered ? 'after ' + this.data[0][index] + ' s' : 'mean');
    this.values.forEach(({ value }, i) => {
      board.setText(value, this.format(hovered ? near(this.data[i + 1], index) : this.means?.[i]));
    });
  }

  fillTable() {
    if (this.details.open) {
      const step = Math.ceil(this.data[0].length / 60);
      const rows = this.data[0]
        .map((time, i) => [time + ' s', this.format(this.data[1][i]), this.format(this.data[2][i])])
        .filter((row, i) => i % step === 0);
      this.body.replaceChildren(...rows.map(board.bodyRow));
    }
  }

  resize() {
    const width = this.plot.clientWidth;
    if (width > 0 && width !== this.chart.width) {
      this.chart.setSize({ width, height: this.chart.height });
    }
  }

  draw() {
    this.chart.redraw(false, true);
  }
}

/** Returns the value at an index, or the last one before it. */
function near(values, index) {
  for (let i = index; i >= 0 && values.some((value, at) => at >= index && value !== null && value !== undefined); i--) {
    if (values[i] !== null && values[i] !== undefined) {
      return values[i];
    }
  }
  return null;
}

const SVG = 'http://www.w3.org/2000/svg';

function swatch(line) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 8');
  svg.setAttribute('class', 'swatch c-' + line.color);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M0 4h20');
  path.setAttribute('stroke-dasharray', line.dash.join(' '));
  svg.append(path);
  return svg;
}

/** Returns the mean of a value over the time of a run. */
function meanOf(key) {
  return (run) => {
    const { time } = run.samples;
    let sum = 0;
    for (let i = 1; i < time.length; i++) {
      sum += run.samples[key][i] * (time[i] - time[i - 1]);
    }
    return time.length > 1 && time.at(-1) > 0 ? sum / time.at(-1) : null;
  };
}

/* List of the runs */

function showRuns() {
  $('runs-section').hidden = list.runs.length === 0;
  const body = board.create('tbody');
  for (const run of list.runs) {
    const row = board.create('tr');
    const head = board.create('th', '', String(run.id));
    head.scope = 'row';
    const repeat = board.create('button', 'quiet', 'Use settings');
    repeat.type = 'button';
    repeat.setAttribute('aria-label', 'Use the settings of run ' + run.id);
    repeat.addEventListener('click', () => useSettings(run.settings));
    const action = board.create('td');
    action.append(repeat);
    row.append(
      head,
      board.create('td', '', capitalized(jobName(run.settings))),
      board.create('td', '', run.state),
      board.create('td', '', board.formatCount(run.settings.workers)),
      board.create('td', '', board.formatCount(run.settings.maxsize)),
      board.create('td', '', run.settings.rateLimit),
      ...[board.formatMillis(run.summary.elapsed), rate(run.summary.throughput), board.formatCount(run.summary.failed)]
        .map((text) => board.create('td', '', run.state === 'running' ? '–' : text)),
      action,
    );
    body.append(row);
  }
  const head = board.headRow(['Run', 'Job', 'State', 'Workers', 'Capacity', 'Rate limit', 'Elapsed', 'Throughput', 'Failures', '']);
  head.querySelector('th:last-child').append(board.create('span', 'hidden', 'Actions'));
  view.runs.replaceChildren(board.create('caption', '', 'At most 20 runs, the newest first'), head, body);
}

function useSettings(settings) {
  select('job', jobValue(settings));
  fillForm(new URLSearchParams(Object.entries(settings).filter(([field]) => FIELDS.includes(field))));
  updateUrl();
  $('workers').focus();
}

/* Page */

function tableIn(parent, className, label) {
  const region = board.create('div', className);
  const scroll = board.scrollRegion(label);
  const table = board.create('table');
  scroll.append(table);
  region.append(scroll);
  parent.append(region);
  return table;
}

function makePage() {
  $('main').hidden = false;
  makeForm();
  view = {
    limit: new board.LimitSentence($('run-limit')),
    active: new board.Meter($('run-meters'), 'running'),
    depth: new board.Meter($('run-meters'), 'waiting'),
    lanes: new board.SwimLanes($('lanes')),
    figures: makeFigures(),
    summaries: tableIn($('summaries'), 'summary-table', 'Settings and summaries'),
    runs: tableIn($('runs'), 'runs-table', 'Last runs, table'),
  };
  charts = [
    { key: 'throughput', title: 'Throughput', format: rate, mean: (run) => run.summary.throughput },
    { key: 'depth', title: 'Waiting tasks', format: board.formatCount, mean: meanOf('depth') },
    { key: 'active', title: 'Running tasks', format: board.formatCount, mean: meanOf('active') },
  ].map((definition) => new RunChart($('charts'), definition));
  $('a').addEventListener('change', choose);
  $('b').addEventListener('change', choose);
  $('swap').addEventListener('click', swap);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach((chart) => chart.draw()));
}

function showAll() {
  showBusy();
  showChoices();
  showRun();
  showComparison();
  showRuns();
}

if (board === null) {
  document.getElementById('trouble-text').textContent =
    'The page needs the components of the endpoint queueboard, which is not exposed. Add queueboard to '
    + 'management.endpoints.web.exposure.include.';
  document.getElementById('trouble').hidden = false;
} else {
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      poll();
    }
  });
  poll();
}
