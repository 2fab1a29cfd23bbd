/*
 * The board: an overview of all names, and the details of the selected name and queue. It polls the JSON of its
 * endpoint and changes queues through the endpoint 'queues'. The selection is in the hash of the URL.
 *
 * State: `selection` comes from the hash, `view` has all that was received for it. A change of the name or the id
 * starts a new view, and so does a new instance of the application. A response is dropped unless the selection is
 * still the one that it was requested for.
 */
import {
  LimitSentence, LineChart, Meter, Samples, Sparkline, SwimLanes, axisCount, create, formatCount, formatMillis,
  formatSeconds, setText,
} from './charts.js';

const SAMPLE_KEYS = [
  'depth', 'maxsize', 'active', 'workers', 'succeeded', 'failed', 'cancelled', 'blocked', 'wait', 'run',
  'waitMedian', 'waitP95', 'runMedian', 'runP95',
];

const INTERVAL_KEY = 'queueboard.interval';

const REQUEST_TIMEOUT = 10_000;

const MAX_BACK_OFF = 15_000;

const SUMMARY_INTERVAL = 10_000;

const $ = (id) => document.getElementById(id);

const page = location.href.split('#')[0];

const rows = new Map();

let selection = readHash();

let view = newView();

let charts = null;

let lanes = null;

let limit = null;

/** Newest response, and the time at which it was received. */
let data = null;

let received = 0;

let instance = null;

/** Difference between the epoch second and the number of a sample. */
let offset = 0;

let interval = readInterval();

let timer = 0;

let request = null;

let errors = 0;

let nextTry = 0;

let summarized = 0;

function newView() {
  return {
    samples: new Samples(SAMPLE_KEYS),
    history: false,
    second: null,
    failures: null,
    version: null,
    openGroups: new Set(),
    selected: null,
  };
}

/* Selection */

function readHash() {
  const values = new URLSearchParams(location.hash.slice(1));
  return {
    name: values.get('name'),
    id: values.get('id'),
    page: Math.max(1, Number.parseInt(values.get('page'), 10) || 1),
  };
}

function hashOf({ name, id, page: number }) {
  const values = new URLSearchParams();
  if (name !== null) {
    values.set('name', name);
  }
  if (id !== null) {
    values.set('id', id);
  }
  if (number > 1) {
    values.set('page', number);
  }
  return '#' + values;
}

function select(change) {
  location.hash = hashOf({ ...selection, ...change });
}

function selectionChanged() {
  const before = selection;
  selection = readHash();
  if (before.name !== selection.name || before.id !== selection.id) {
    const samples = view.samples;
    const sameName = before.name === selection.name;
    const { history, failures, version, openGroups } = view;
    view = newView();
    if (sameName) {
      Object.assign(view, { samples, history, failures, version, openGroups });
    } else {
      clearDetail();
    }
    lanes?.clear();
    showSelection();
    if (!sameName && selection.name !== null) {
      $('name').focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }
  poll();
}

function showSelection() {
  const chosen = selection.name !== null;
  $('main').classList.toggle('chosen', chosen);
  $('home').classList.toggle('back', chosen);
  $('detail').hidden = !chosen;
  document.title = chosen ? selection.name + ' – Queue board' : 'Queue board';
  if (chosen) {
    setText($('name'), selection.name);
    makeComponents();
  }
  for (const [name, row] of rows) {
    markSelected(name, row);
  }
}

function markSelected(name, row) {
  if (name === selection.name) {
    row.link.setAttribute('aria-current', 'true');
  } else {
    row.link.removeAttribute('aria-current');
  }
  row.link.href = page + hashOf({ ...selection, name, id: null });
}

/* Polling */

function readInterval() {
  try {
    const stored = localStorage.getItem(INTERVAL_KEY);
    const known = [...$('interval').options].some((option) => option.value === stored);
    return known ? Number(stored) : 1;
  } catch {
    return 1; // the browser denies the storage
  }
}

function storeInterval() {
  try {
    localStorage.setItem(INTERVAL_KEY, String(interval));
  } catch {
    // the selector works without being remembered
  }
}

/** Polls now, instead of a poll that is under way or planned. */
async function poll() {
  clearTimeout(timer);
  request?.abort();
  const current = new AbortController();
  const wanted = view;
  const started = performance.now();
  request = current;
  nextTry = 0;
  const timeout = setTimeout(() => current.abort(), REQUEST_TIMEOUT);
  try {
    const query = new URLSearchParams({ page: selection.page });
    if (selection.name !== null) {
      query.set('name', selection.name);
      setUnlessNull(query, 'id', selection.id);
      setUnlessNull(query, 'since', wanted.second);
      setUnlessNull(query, 'failures', wanted.version);
    }
    const response = await getJson('data?' + query, current.signal);
    if (request === current && wanted === view) {
      errors = 0;
      accept(response);
    }
  } catch (error) {
    if (request === current) {
      errors++;
      fail(error);
    }
  } finally {
    clearTimeout(timeout);
    if (request === current) {
      request = null;
      plan(performance.now() - started);
    }
  }
}

function setUnlessNull(query, key, value) {
  if (value !== null) {
    query.set(key, value);
  }
}

function plan(elapsed) {
  if (document.hidden || interval === 0) {
    return;
  }
  const pause = errors === 0
    ? Math.max(100, interval * 1000 - elapsed)
    : Math.max(interval * 1000, Math.min(MAX_BACK_OFF, 1000 * 2 ** (errors - 1)));
  if (errors > 0) {
    nextTry = performance.now() + pause;
  }
  timer = setTimeout(poll, pause);
}

class ServerError extends Error {}

async function getJson(path, signal) {
  let response;
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store', signal });
  } catch (error) {
    throw new ServerError('The application does not respond.', { cause: error });
  }
  if (response.status === 401 || response.status === 403) {
    throw new ServerError('The server refused the request (status ' + response.status + '). Sign in again, and reload'
      + ' the page.');
  }
  const json = (response.headers.get('Content-Type') || '').includes('json');
  if (response.ok && !json) {
    throw new ServerError('The server responded with another page instead of figures. Sign in again, and reload the'
      + ' page.');
  }
  const body = json ? await response.json().catch(() => null) : null;
  if (!response.ok || body === null) {
    throw new ServerError((body && body.message) || 'The server responded with status ' + response.status + '.');
  }
  return body;
}

function fail(error) {
  setText($('trouble-text'), messageOf(error, 'The figures cannot be shown: '));
  $('trouble').hidden = false;
  showAge();
}

/** Returns the message of an error of the server, or that of an error of the page after a prefix. */
function messageOf(error, prefix) {
  return error instanceof ServerError ? error.message : prefix + error.message;
}

async function loadHistory(wanted) {
  wanted.history = true; // no second request meanwhile
  try {
    const response = await getJson('history?' + new URLSearchParams({ name: selection.name }));
    if (wanted === view && response.instance === instance && response.samples) {
      wanted.samples.merge(response.samples);
      showCharts();
    }
  } catch {
    wanted.history = false; // again with the next poll
  }
}

/* Received data */

function accept(response) {
  const restarted = instance !== null && instance !== response.instance;
  if (restarted) {
    view = newView();
    lanes?.clear();
    clearDetail();
    rows.forEach((row) => row.spark.remove());
    rows.clear();
    $('names').replaceChildren();
    tell('The application was restarted. The figures before are from the previous run and were removed.');
  }
  instance = response.instance;
  data = response;
  received = performance.now();
  const epoch = Date.parse(response.time) / 1000;
  if (restarted || offset === 0 || Math.abs(epoch - response.second - offset) > 1.5) {
    offset = Math.round(epoch - response.second);
  }
  $('trouble').hidden = true;
  $('main').hidden = false;
  showOverview();
  if (selection.name === null && response.names === 1 && response.overview.length === 1) {
    history.replaceState(null, '', page + hashOf({ ...selection, name: response.overview[0].name }));
    selectionChanged();
    return;
  }
  showSelection();
  if (selection.name !== null) {
    showDetail(response.selected || { name: selection.name, queues: [] });
  }
  showAge();
  summarize();
  const shown = response.selected && response.selected.id;
  if (selection.id !== null && !restarted && shown && String(shown) !== selection.id) {
    tell('Queue ' + selection.id + ' of ' + selection.name + ' is not open. The board shows the newest queue of the'
      + ' name.');
    select({ id: null });
  } else if (restarted && selection.id !== null) {
    select({ id: null }); // the ids of the previous run are not valid in this one
  } else if (selection.page > Math.max(1, response.pages)) {
    select({ page: response.pages });
  }
}

function showOverview() {
  const names = new Set(data.overview.map((entry) => entry.name));
  for (const [name, row] of rows) {
    if (!names.has(name)) {
      row.spark.remove();
      row.item.remove();
      rows.delete(name);
    }
  }
  data.overview.forEach((entry, i) => {
    const row = rows.get(entry.name) || addRow(entry.name);
    setText(row.open, entry.open === 1 ? '' : entry.open === 0 ? 'closed' : formatCount(entry.open) + ' open');
    row.link.dataset.open = String(entry.open > 0);
    row.limit.set(entry.limit);
    row.active.set(entry.active, entry.workers);
    row.depth.set(entry.depth, entry.maxsize);
    row.spark.add(entry.succeeded + entry.failed + entry.cancelled, entry.failed);
    setText(row.rate, formatCount(entry.succeeded + entry.failed + entry.cancelled) + ' /s');
    setText(row.failed, entry.failed > 0 ? formatCount(entry.failed) + ' failed /s' : '');
    if ($('names').children[i] !== row.item) {
      $('names').insertBefore(row.item, $('names').children[i] || null);
    }
  });
  $('no-names').hidden = data.names > 0;
  $('pager').hidden = data.pages <= 1;
  setText($('page-text'), 'Page ' + data.page + ' of ' + data.pages + ', ' + formatCount(data.names) + ' names');
  $('previous').disabled = data.page <= 1;
  $('next').disabled = data.page >= data.pages;
}

function addRow(name) {
  const item = create('li');
  const link = create('a', 'row');
  const title = create('span', 'row-name');
  const open = create('small');
  const text = create('span', 'row-text', name);
  text.title = name;
  title.append(text, open);
  link.append(title);
  const row = { item, link, open };
  row.limit = new LimitSentence(link);
  row.active = new Meter(link, 'running');
  row.depth = new Meter(link, 'waiting');
  row.depth.root.classList.add('depth');
  row.spark = new Sparkline(link);
  row.rate = create('span', 'rate');
  row.failed = create('span', 'failed');
  link.append(row.failed, row.rate);
  item.append(link);
  rows.set(name, row);
  markSelected(name, row);
  return row;
}

/* Details of the selected queue */

function makeComponents() {
  if (charts !== null) {
    return;
  }
  limit = new LimitSentence($('limit'));
  lanes = new SwimLanes($('lanes'));
  const count = { format: (value) => formatCount(value), axis: axisCount, integers: true };
  const perSecond = (format) => (value) => (value === null || value === undefined ? '–' : format(value) + ' /s');
  const rate = { format: perSecond(formatCount), axis: axisCount, integers: true };
  const time = { format: formatMillis, axis: formatMillis };
  const latency = (key) => [
    { key, label: 'mean', color: 'running', pattern: 'solid' },
    { key: key + 'Median', label: 'median', color: 'success', pattern: 'dotted' },
    { key: key + 'P95', label: 'p95', color: 'retried', pattern: 'dashed' },
  ];
  const definitions = [
    {
      title: 'Waiting tasks', ...count,
      series: [
        { key: 'depth', label: 'waiting', color: 'running', pattern: 'solid', fill: true },
        { key: 'maxsize', label: 'maxsize', color: 'capacity', pattern: 'dashed' },
      ],
    },
    {
      title: 'Running tasks', ...count,
      series: [
        { key: 'active', label: 'running', color: 'running', pattern: 'solid', fill: true },
        { key: 'workers', label: 'workers', color: 'capacity', pattern: 'dashed' },
      ],
    },
    {
      title: 'Ended tasks', ...rate,
      series: [
        { key: 'succeeded', label: 'success', color: 'success', pattern: 'solid', fill: true },
        { key: 'failed', label: 'failure', color: 'failure', pattern: 'dashed' },
        { key: 'cancelled', label: 'cancelled', color: 'cancelled', pattern: 'dotted' },
      ],
    },
    {
      title: 'Blocked in put', note: 'sum of all producers',
      format: perSecond(formatMillis), axis: formatMillis,
      series: [{ key: 'blocked', label: 'blocked', color: 'retried', pattern: 'solid', fill: true }],
    },
    { title: 'Wait time', ...time, series: latency('wait') },
    { title: 'Run time', ...time, series: latency('run') },
  ];
  charts = definitions.map((definition) => ({
    keys: definition.series.map((line) => line.key),
    chart: new LineChart($('charts'), definition),
  }));
}

function clearDetail() {
  charts?.forEach(({ chart }) => chart.clear());
  lanes?.clear();
  $('now').hidden = true;
  $('state').hidden = true;
  $('queue-label').hidden = true;
  $('controls').hidden = true;
  $('running-body').replaceChildren();
  $('failures').replaceChildren();
}

function showDetail(selected) {
  view.selected = selected;
  const figures = selected.figures;
  const open = Boolean(figures);
  $('now').hidden = !open;
  $('gone').hidden = open;
  $('state').hidden = !open;
  $('copy').hidden = !open;
  $('lanes-section').hidden = !open;
  $('running-section').hidden = !open;
  $('waiting-section').hidden = !open;
  showQueues(selected);
  showControls(selected);
  if (open) {
    setText($('state'), figures.state.toLowerCase());
    $('state').dataset.state = figures.state;
    limit.set(selected.limit);
    const also = (selected.limit && selected.limit.also) || [];
    $('also').hidden = also.length === 0;
    setText($('also'), 'Also: ' + also.join('; '));
    showProgress(selected.progress);
    showFigures(figures);
    setText($('lanes-title'), 'Workers of queue ' + figures.id + ', last minute');
    showRunning(selected);
    showWaiting(selected);
  }
  if (selected.lanes && open) {
    lanes.update(selected.lanes, data.second + offset);
  }
  const samples = selected.samples;
  if (samples && !view.samples.merge(samples)) {
    view.history = false; // seconds are missing, for example after the tab was hidden
  } else if (!samples && view.second !== null && data.second - view.second > 1) {
    view.history = false;
  }
  view.second = data.second;
  showCharts();
  if (!view.history) {
    loadHistory(view);
  }
  if (selected.failures) {
    view.version = selected.failures.version;
    view.failures = selected.failures;
  }
  showFailures();
}

function showQueues(selected) {
  const queues = selected.queues || [];
  const select = $('queue');
  const keys = ['newest', ...queues.map((queue) => queue.id + ' ' + queue.state)].join();
  $('queue-label').hidden = queues.length < 2 && selection.id === null;
  if (select.dataset.keys !== keys) {
    select.dataset.keys = keys;
    const options = queues.map((queue) => option(String(queue.id), queue.id + ', ' + queue.state.toLowerCase()));
    select.replaceChildren(option('', 'newest'), ...options.reverse());
    if (selection.id !== null && !queues.some((queue) => String(queue.id) === selection.id)) {
      select.append(option(selection.id, selection.id + ', not open'));
    }
  }
  if (document.activeElement !== select || select.value === '') {
    select.value = selection.id === null ? '' : selection.id;
  }
}

function option(value, text) {
  const element = create('option', '', text);
  element.value = value;
  return element;
}

function showProgress(progress) {
  const known = Boolean(progress && progress.accepted > 0);
  $('progress').hidden = !known;
  if (known) {
    const percent = Math.floor((progress.done / progress.accepted) * 100);
    $('progress-fill').style.width = percent + '%';
    $('progress-bar').setAttribute('aria-valuenow', String(percent));
    const left = progress.seconds === undefined || progress.seconds === null
      ? '' : ', about ' + formatSeconds(Math.max(1, Math.round(progress.seconds))) + ' left';
    setText($('progress-text'), formatCount(progress.done) + ' of ' + formatCount(progress.accepted)
      + ' accepted tasks of the round done (' + percent + ' %)' + left);
  }
}

const FIGURES = [
  ['Running', (f) => [f.active, f.workers, 'workers']],
  ['Waiting', (f) => [f.depth, f.maxsize, 'maxsize']],
  ['Blocked producers', (f) => [f.blockedProducers]],
  ['Wait for retry', (f) => [f.retrying]],
  ['Overflow', (f) => [f.overflow]],
  ['Accepted', (f) => [f.put]],
  ['Completed', (f) => [f.completed]],
  ['Failed', (f) => [f.failed]],
  ['Cancelled', (f) => [f.cancelled]],
  ['Rejected', (f) => [f.rejected]],
];

function showFigures(figures) {
  const list = $('figures');
  if (list.children.length === 0) {
    for (const [label] of FIGURES) {
      const group = create('div');
      const value = create('dd');
      value.append(create('span'), create('small'));
      group.append(create('dt', '', label), value);
      list.append(group);
    }
  }
  FIGURES.forEach(([label, read], i) => {
    const [value, maximum, unit] = read(figures);
    const group = list.children[i];
    group.dataset.alarm = String((label === 'Failed' || label === 'Rejected') && value > 0);
    setText(group.lastChild.firstChild, formatCount(value));
    setText(group.lastChild.lastChild, maximum === undefined ? '' : ' / ' + formatCount(maximum));
    if (unit) {
      group.title = label + ' tasks / ' + unit;
    }
  });
}

function showCharts() {
  if (view.samples.last < 0) {
    return;
  }
  const columns = view.samples.known();
  for (const { keys, chart } of charts) {
    chart.set(view.samples.last + offset, keys.map((key) => columns[key]));
  }
}

function showRunning(selected) {
  const tasks = selected.running || [];
  const body = $('running-body');
  const present = new Map([...body.children].map((row) => [row.dataset.key, row]));
  $('running').hidden = tasks.length === 0;
  $('no-running').hidden = tasks.length > 0;
  tasks.forEach((task, i) => {
    const key = [task.index, task.worker, task.name].join(' ');
    const row = present.get(key) || makeTask(task, key);
    present.delete(key);
    setText(row.cells[0], formatSeconds(task.age));
    setText(row.cells[1].lastChild, [
      'worker ' + formatCount(task.worker),
      task.thread || (task.async ? 'asynchronous, no thread' : 'no thread'),
      ...(task.attempts > 1 ? ['attempt ' + formatCount(task.attempts)] : []),
    ].join(' · '));
    row.cells[2].firstChild.hidden = !canShowStacks() || !task.thread;
    if (body.children[i] !== row) {
      body.insertBefore(row, body.children[i] || null);
    }
  });
  present.forEach((row) => row.remove());
  const more = selected.runningMore || 0;
  $('running-more').hidden = more === 0;
  setText($('running-more'), formatCount(more) + ' more running tasks started later.');
}

function showWaiting(selected) {
  const oldest = selected.oldest;
  setText($('oldest'), oldest
    ? oldest.name + ', index ' + formatCount(oldest.index)
      + (oldest.age === undefined || oldest.age === null ? '' : ', waits for ' + formatSeconds(oldest.age))
    : 'No task is waiting.');
  const blocked = selected.blocked || [];
  const entries = blocked.length === 0
    ? ['No producer is blocked.']
    : blocked.map((producer) => producer.thread + ', for ' + formatSeconds(producer.age));
  while ($('blocked').children.length > entries.length) {
    $('blocked').lastChild.remove();
  }
  entries.forEach((text, i) => setText($('blocked').children[i] || $('blocked').appendChild(create('li')), text));
  const blockedMore = selected.blockedMore || 0;
  setText($('blocked-more'), blockedMore === 0 ? '' : formatCount(blockedMore) + ' more');
}

function makeTask(task, key) {
  const row = create('tr');
  row.dataset.key = key;
  const name = create('td', 'task');
  const title = create('span', 'task-name', task.name);
  title.title = 'Index ' + formatCount(task.index) + ' in the round';
  name.append(title, create('span', 'task-thread'));
  const stack = create('button', 'quiet', 'Stack');
  stack.type = 'button';
  stack.setAttribute('aria-label', 'Stack of ' + task.name);
  stack.addEventListener('click', () => showStack(task));
  const action = create('td', 'task-stack');
  action.append(stack);
  row.append(create('td', 'number'), name, action);
  return row;
}

function canShowStacks() {
  return Boolean(data.controls && data.controls.href);
}

function showFailures() {
  const failures = view.failures;
  const groups = (failures && failures.groups) || [];
  $('no-failures').hidden = groups.length > 0;
  $('failures-text').hidden = groups.length === 0;
  if (failures) {
    setText($('failures-text'), formatCount(failures.total) + (failures.total === 1 ? ' failure' : ' failures')
      + ' since the start of the application; the last ones by exception');
  }
  const list = $('failures');
  if (list.dataset.version !== String(view.version) || list.children.length === 0) {
    list.dataset.version = String(view.version);
    if (list.children.length === 0 && groups.length > 0) {
      view.openGroups.add(groups[0].exception);
    }
    list.replaceChildren(...groups.map(makeGroup));
  }
  groups.forEach((group, i) => setText(list.children[i].querySelector('.failure-age'), ago(group.last)));
}

function makeGroup(group) {
  const item = create('li');
  const details = create('details');
  const summary = create('summary');
  const split = group.exception.lastIndexOf('.') + 1;
  const name = create('span', 'failure-name');
  const packageName = group.exception.slice(0, Math.max(0, split - 1));
  name.append(breakable(group.exception.slice(split)), create('span', 'failure-package', packageName));
  summary.append(create('span', 'failure-count', formatCount(group.count)), name, create('span', 'failure-age'));
  details.append(summary);
  if (group.message) {
    item.classList.add('with-message');
    details.append(create('p', 'failure-message', group.message));
  }
  const tasks = create('ul', 'failure-tasks');
  for (const task of group.tasks || []) {
    const entry = create('li');
    const plural = task.attempts === 1 ? ' attempt' : ' attempts';
    const attempts = task.attempts ? ', ' + formatCount(task.attempts) + plural : '';
    entry.append(create('span', 'task-name', task.task || 'unknown name'), create('span', 'failure-task',
      'index ' + formatCount(task.index) + attempts + ', queue ' + task.id));
    tasks.append(entry);
  }
  details.append(create('p', 'failure-last', 'Last tasks'), tasks);
  details.open = view.openGroups.has(group.exception);
  details.addEventListener('toggle', () => {
    if (details.open) {
      view.openGroups.add(group.exception);
    } else {
      view.openGroups.delete(group.exception);
    }
  });
  item.append(details);
  return item;
}

/** Returns the name of a class, which may break before a nested class. */
function breakable(type) {
  const name = create('b');
  type.split('$').forEach((part, i) => name.append(...(i === 0 ? [part] : [create('wbr'), '$' + part])));
  return name;
}

function ago(instant) {
  const seconds = Math.max(0, Math.round((Date.parse(data.time) - Date.parse(instant)) / 1000));
  return Number.isNaN(seconds) ? '' : seconds === 0 ? 'now' : formatSeconds(seconds) + ' ago';
}

/* Age of the data, and the summary for screen readers */

function showAge() {
  const mark = $('age-mark');
  if (data === null) {
    mark.dataset.state = errors > 0 ? 'bad' : 'wait';
    setText($('age-text'), errors > 0 ? 'No data yet' + nextTryText() : 'Loading');
    return;
  }
  const age = Math.floor((performance.now() - received) / 1000);
  const time = new Date(data.time).toLocaleTimeString('en-GB');
  mark.dataset.state = errors > 0 ? 'bad' : interval === 0 ? 'paused' : 'live';
  setText($('age-text'), (errors > 0 ? 'Offline' : interval === 0 ? 'Paused' : 'Live') + ' · ' + time + ' · '
    + (age < 60 ? age + ' s' : formatSeconds(age)) + ' old' + nextTryText());
}

function nextTryText() {
  const left = Math.ceil((nextTry - performance.now()) / 1000);
  return errors > 0 && nextTry > 0 && left > 0 ? ' · next try in ' + formatSeconds(left) : '';
}

function summarize() {
  const selected = view.selected;
  const now = performance.now();
  if (!selected || !selected.figures || (summarized > 0 && now - summarized < SUMMARY_INTERVAL)) {
    return;
  }
  summarized = now;
  const { name, active, depth, failed } = selected.figures;
  setText($('summary'), name + ': ' + ((selected.limit && selected.limit.text) || 'No limit') + '. '
    + formatCount(active) + ' running, ' + formatCount(depth) + ' waiting, ' + formatCount(failed) + ' failed.');
}

function tell(text, bad = false) {
  setText($('result-text'), text);
  $('result').classList.toggle('bad', bad);
  $('result').hidden = false;
}

/* Controls */

const tasks = (number) => formatCount(number) + (number === 1 ? ' task' : ' tasks');

const ACTIONS = {
  pause: {
    title: 'Pause',
    text: (f) => 'No further task starts until the queue is resumed. ' + running(f)
      + ' Producers block when the queue is full.',
    done: (subject) => 'Paused ' + subject,
  },
  resume: {
    title: 'Resume',
    text: (f) => 'Tasks start again. Now, ' + tasks(f.depth) + (f.depth === 1 ? ' waits.' : ' wait.'),
    done: (subject) => 'Resumed ' + subject,
  },
  resize: {
    title: 'Resize',
    text: () => 'With more workers, waiting tasks start immediately. With fewer, no task is interrupted: no further'
      + ' task starts while more tasks run than allowed.',
    done: (subject, workers) => 'Resized ' + subject + ' to ' + formatCount(workers) + ' workers',
  },
  cancel: {
    title: 'Cancel tasks',
    text: (f) => 'Cancels ' + tasks(f.depth) + ' that wait and ' + tasks(f.active) + ' that run, and interrupts their'
      + ' threads. The queue stays open. Cancelled tasks cannot be restored.',
    done: (subject) => 'Cancelled the tasks of ' + subject,
    danger: true,
  },
  drain: {
    title: 'Drain',
    text: (f) => 'Rejects further tasks, runs the ' + formatCount(f.depth + f.active) + ' accepted ones, and then'
      + ' closes the queue. A paused queue resumes. A drained queue cannot be opened again.',
    done: (subject) => 'Started to drain ' + subject,
    danger: true,
  },
};

function running(figures) {
  return figures.active === 0 ? 'No task is running.' : figures.active === 1
    ? 'The running task continues.' : 'The ' + formatCount(figures.active) + ' running tasks continue.';
}

function showControls(selected) {
  const controls = data.controls || {};
  const figures = selected.figures;
  const available = Boolean(figures && controls.href && !controls.reason);
  $('controls').hidden = !available;
  $('reason').hidden = available || !figures || !controls.reason;
  setText($('reason'), 'No controls: ' + (controls.reason || ''));
  if (available) {
    const closing = figures.state === 'CLOSING' || figures.state === 'CLOSED';
    const paused = figures.state === 'PAUSED';
    const focused = document.activeElement === $(paused ? 'pause' : 'resume');
    $('pause').hidden = paused;
    $('resume').hidden = !paused;
    if (focused) {
      $(paused ? 'resume' : 'pause').focus();
    }
    $('pause').disabled = closing;
    $('drain').disabled = closing;
    setText($('resize'), 'Resize (' + formatCount(figures.workers) + ')');
  }
}

let pending = null;

function ask(action) {
  const { figures, queues } = view.selected;
  const { title, text, danger } = ACTIONS[action];
  pending = { action, name: figures.name, id: figures.id };
  setText($('confirm-title'), title + ': queue ' + figures.id + ' of ' + figures.name);
  setText($('confirm-text'), text(figures));
  setText($('confirm-current'), 'Now: ' + figures.state.toLowerCase() + ', ' + formatCount(figures.active) + ' of '
    + formatCount(figures.workers) + ' workers busy, ' + formatCount(figures.depth) + ' of '
    + formatCount(figures.maxsize) + ' waiting');
  setText($('confirm-yes'), title);
  $('confirm-yes').classList.toggle('danger', Boolean(danger));
  $('workers-label').hidden = action !== 'resize';
  $('workers').required = action === 'resize';
  $('workers').disabled = action !== 'resize';
  $('workers').value = String(figures.workers);
  $('all-label').hidden = queues.length < 2;
  $('all').checked = false;
  setText($('all-text'), 'All open queues of ' + figures.name + ', not only this one');
  $('confirm-error').hidden = true;
  $('confirm').showModal();
  if (action === 'resize') {
    $('workers').select();
  }
}

async function confirmed() {
  const { action, name, id } = pending;
  const all = $('all').checked;
  const body = { action };
  if (!all) {
    body.id = String(id);
  }
  if (action === 'resize') {
    body.workers = $('workers').value;
  }
  $('confirm-yes').disabled = true;
  $('confirm-error').hidden = true;
  try {
    const response = await change(name, body);
    const changed = (response && response.queues) || [];
    const [only] = changed;
    const subject = all && changed.length !== 1
      ? formatCount(changed.length) + ' queues of ' + name
      : 'queue ' + (only ? only.figures.id : id) + ' of ' + name;
    $('confirm').close();
    tell(ACTIONS[action].done(subject, Number(body.workers)) + '.');
    poll();
  } catch (error) {
    setText($('confirm-error'), messageOf(error, 'The result cannot be shown: '));
    $('confirm-error').hidden = false;
  } finally {
    $('confirm-yes').disabled = false;
  }
}

async function change(name, body) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const token = cookie('XSRF-TOKEN');
  if (token !== null) {
    headers['X-XSRF-TOKEN'] = token;
  }
  let response;
  try {
    const address = data.controls.href + encodeURIComponent(name);
    response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch (error) {
    throw new ServerError('The application does not respond. Nothing is known about the change.', { cause: error });
  }
  const json = (response.headers.get('Content-Type') || '').includes('json');
  const result = json ? await response.json().catch(() => null) : null;
  if (response.ok && json) {
    return result;
  }
  throw new ServerError(refusal(response, result, token));
}

function refusal(response, result, token) {
  if (response.status === 403) {
    return token === null
      ? 'The server refused the change (status 403). Either your account is not allowed to change queues, or the server'
        + ' requires a CSRF token that it has not sent: it must send the cookie XSRF-TOKEN, as with csrf.spa() of'
        + ' Spring Security.'
      : 'The server refused the change (status 403). Your account is not allowed to change queues, or the session has'
        + ' expired. Reload the page, and try again.';
  }
  if (response.status === 401 || response.redirected) {
    return 'The server requires a sign-in. Sign in again, and reload the page.';
  }
  if (response.status === 405) {
    return 'The endpoint is read-only (status 405). Set management.endpoint.queues.access to unrestricted.';
  }
  return (result && result.message) || 'The server responded with status ' + response.status + '. Nothing was changed.';
}

function cookie(name) {
  const prefix = name + '=';
  const found = document.cookie.split('; ').find((entry) => entry.startsWith(prefix));
  return found === undefined ? null : decodeURIComponent(found.slice(prefix.length));
}

/* Dialog with text: a stack, or the state as JSON */

async function showStack(task) {
  const { name, id } = view.selected.figures;
  openText('Stack of ' + task.name, 'Loading', '');
  try {
    const query = new URLSearchParams({ id, stacks: true });
    const response = await getJson(data.controls.href + encodeURIComponent(name) + '?' + query);
    const found = (response.queues || []).flatMap((queue) => queue.running)
      .find((candidate) => candidate.index === task.index && candidate.thread === task.thread);
    if (!found || found.ended || !found.stack) {
      openText('Stack of ' + task.name, 'The task has ended meanwhile.', '');
    } else {
      openText('Stack of ' + task.name, 'Thread ' + found.thread, found.stack.map((frame) => 'at ' + frame).join('\n'));
    }
  } catch (error) {
    openText('Stack of ' + task.name, error.message, '');
  }
}

function openText(title, text, body) {
  setText($('show-title'), title);
  setText($('show-text'), text);
  $('show-body').hidden = body === '';
  $('show-body').value = body;
  if (!$('show').open) {
    $('show').showModal();
  }
}

async function copy() {
  const state = { instance: data.instance, time: data.time, ...view.selected };
  if (view.failures) {
    state.failures = view.failures;
  }
  const text = JSON.stringify(state, null, 2);
  try {
    await navigator.clipboard.writeText(text);
    tell('The state of ' + state.name + ' was copied as JSON.');
  } catch {
    openText('State of ' + state.name, 'The browser denies the clipboard. Copy the text from here.', text);
    $('show-body').select();
  }
}

/* Start */

$('home').href = page;
$('home').addEventListener('click', (event) => {
  event.preventDefault();
  select({ name: null, id: null });
});
$('interval').value = String(interval);
$('interval').addEventListener('change', () => {
  interval = Number($('interval').value);
  storeInterval();
  clearTimeout(timer);
  if (interval > 0) {
    poll();
  }
  showAge();
});
$('queue').addEventListener('change', () => select({ id: $('queue').value || null }));
$('previous').addEventListener('click', () => select({ page: data.page - 1 }));
$('next').addEventListener('click', () => select({ page: data.page + 1 }));
$('retry').addEventListener('click', poll);
$('result-close').addEventListener('click', () => ($('result').hidden = true));
$('copy').addEventListener('click', copy);
Object.keys(ACTIONS).forEach((action) => $(action).addEventListener('click', () => ask(action)));
$('confirm-form').addEventListener('submit', (event) => {
  event.preventDefault();
  confirmed();
});
$('confirm-no').addEventListener('click', () => $('confirm').close());
$('show-close').addEventListener('click', () => $('show').close());
addEventListener('hashchange', selectionChanged);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    clearTimeout(timer);
  } else if (interval > 0) {
    poll();
  }
});
setInterval(showAge, 1000);
showSelection();
poll();
