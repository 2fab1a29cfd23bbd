/*
 * Components for the figures of queues: sentence of a limit, bar, sparkline, line chart and swim lanes. They do not
 * depend on the board, and other pages can use them. A line chart needs the global uPlot.
 *
 * All text is set as text, never as HTML, since names of tasks and messages of exceptions are data of the user.
 * Styles are set through the CSSOM, so the components work under Content-Security-Policy: default-src 'self'.
 */

/** Seconds of a line chart. */
export const HISTORY_SECONDS = 600;

/** Least number of seconds that a line chart shows. */
const MIN_SECONDS = 120;

/** Seconds of the swim lanes. */
export const LANE_SECONDS = 60;

const SVG = 'http://www.w3.org/2000/svg';

const LOCALE = 'en-US';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

const short = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });

const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 3 });

/** Creates an element with a class and a text. */
export function create(tag, className, text) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

/** Sets the text of an element unless it is set already, so that a selection of the user survives. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Returns a number with grouped digits: 100,000. */
export function formatCount(number) {
  return number === null || number === undefined ? '–' : whole.format(number);
}

/** Returns a duration in milliseconds for people: 0.4 ms, 217 ms, 3.2 s, 5 min 3 s. */
export function formatMillis(millis) {
  if (millis === null || millis === undefined) {
    return '–';
  }
  if (millis < 1000) {
    return short.format(millis) + ' ms';
  }
  if (millis < 59_950) {
    const seconds = millis / 1000;
    return (seconds < 10 ? short.format(Math.round(seconds * 10) / 10) : whole.format(seconds)) + ' s';
  }
  const seconds = Math.round(millis / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return seconds % 60 === 0 ? minutes + ' min' : minutes + ' min ' + (seconds % 60) + ' s';
  }
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? whole.format(hours) + ' h' : whole.format(hours) + ' h ' + (minutes % 60) + ' min';
}

/** Returns a duration in seconds for people. */
export function formatSeconds(seconds) {
  return seconds === null || seconds === undefined ? '–' : formatMillis(seconds * 1000);
}

/** Returns the local time of day of an epoch second: 14:05:09. */
export function formatTime(epochSecond) {
  const date = new Date(epochSecond * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/* Colors: the canvases have the colors of the style sheet, which has one set per theme. */

const PROPERTIES = [
  'text', 'muted', 'line', 'grid', 'surface', 'running', 'pale', 'success', 'failure', 'retried', 'cancelled',
  'capacity',
];

const themed = new Set();

let colors = null;

function color(name) {
  if (colors === null) {
    const style = getComputedStyle(document.documentElement);
    colors = Object.fromEntries(PROPERTIES.map((name) => [name, style.getPropertyValue('--' + name).trim()]));
  }
  return colors[name];
}

function font(pixels) {
  return pixels + 'px ' + getComputedStyle(document.body).fontFamily;
}

for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', () => {
    colors = null;
    themed.forEach((component) => component.draw());
  });
}

/** Adapts the pixels of a canvas to its size on the screen, clears it, and returns a context in CSS pixels. */
function prepare(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const pixelWidth = Math.round(width * ratio);
  const pixelHeight = Math.round(height * ratio);
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/* Sentence of a limit */

const ICONS = {
  closing: 'M8 2v7M4.5 6 8 9.5 11.5 6M3 13h10',
  paused: 'M5.5 3v10M10.5 3v10',
  hold: 'M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M8 4.8V8l2.3 1.7',
  stalled: 'M8 2 14.5 13.5H1.5zM8 6.3v3.4M8 11.5v.5',
  rate: 'M2 11.5a6.3 6.3 0 1 1 12 0M8 10.5 11 6',
  permits: 'M2.5 2.5h7v7h-7zM6.5 6.5h7v7h-7z',
  workers: 'M2.5 13.5v-4M6.2 13.5v-8M9.8 13.5V2.5M13.5 13.5v-6',
  producer: 'M2 8h8M7 4.5 10.5 8 7 11.5M13.5 3v10',
  starting: 'M5 3l7.5 5L5 13z',
  none: 'M3.5 8h9',
};

/** Sentence that names the present limit of a queue, with an icon of its kind. */
export class LimitSentence {
  constructor(parent) {
    this.root = create('span', 'limit');
    this.icon = document.createElementNS(SVG, 'svg');
    this.icon.setAttribute('viewBox', '0 0 16 16');
    this.icon.setAttribute('class', 'icon');
    this.icon.setAttribute('aria-hidden', 'true');
    this.path = document.createElementNS(SVG, 'path');
    this.icon.append(this.path);
    this.text = create('span', 'limit-text');
    this.root.append(this.icon, this.text);
    parent.append(this.root);
  }

  /** Shows a limit {kind, text}; none if it is undefined. */
  set(limit) {
    const kind = limit && Object.hasOwn(ICONS, limit.kind) ? limit.kind : 'none';
    if (this.root.dataset.kind !== kind) {
      this.root.dataset.kind = kind;
      this.path.setAttribute('d', ICONS[kind]);
    }
    setText(this.text, (limit && limit.text) || 'No limit');
  }
}

/** Bar of a value against its maximum, with both as text. */
export class Meter {
  constructor(parent, label) {
    this.root = create('span', 'meter');
    this.fill = create('span', 'meter-fill');
    const track = create('span', 'meter-track');
    track.append(this.fill);
    this.text = create('span', 'meter-text');
    this.root.append(track, this.text, create('span', 'meter-label', label));
    parent.append(this.root);
  }

  set(value, maximum) {
    const share = maximum > 0 ? Math.min(1, value / maximum) : 0;
    this.fill.style.width = share * 100 + '%';
    this.root.dataset.full = String(maximum > 0 && value >= maximum);
    setText(this.text, formatCount(value) + ' / ' + formatCount(maximum));
  }
}

/** Line of the last values, with a mark at each value with a failure. */
export class Sparkline {
  constructor(parent, count = 36) {
    this.count = count;
    this.values = [];
    this.failures = [];
    this.canvas = create('canvas', 'sparkline');
    this.canvas.setAttribute('aria-hidden', 'true');
    parent.append(this.canvas);
    themed.add(this);
  }

  add(value, failed) {
    this.values.push(value);
    this.failures.push(failed);
    if (this.values.length > this.count) {
      this.values.shift();
      this.failures.shift();
    }
    this.draw();
  }

  draw() {
    const width = 72;
    const height = 22;
    const context = prepare(this.canvas, width, height);
    const step = (width - 2) / (this.count - 1);
    const maximum = Math.max(1, ...this.values);
    const left = width - 1 - step * (this.values.length - 1);
    const bottom = height - 4;
    const y = (value) => bottom - ((bottom - 2) * value) / maximum;
    context.strokeStyle = color('line');
    context.beginPath();
    context.moveTo(0, bottom + 0.5);
    context.lineTo(width, bottom + 0.5);
    context.stroke();
    context.strokeStyle = color('success');
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.beginPath();
    this.values.forEach((value, i) => context.lineTo(left + i * step, y(value)));
    context.stroke();
    context.fillStyle = color('failure');
    this.failures.forEach((failed, i) => {
      if (failed > 0) {
        context.fillRect(left + i * step - 1, bottom + 1, 2, 3);
      }
    });
  }

  remove() {
    themed.delete(this);
  }
}

/* Line chart */

/** Values of the last ten minutes by second. A second without a value is null. */
export class Samples {
  constructor(keys) {
    this.keys = keys;
    this.clear();
  }

  clear() {
    this.last = -1;
    this.columns = Object.fromEntries(this.keys.map((key) => [key, new Array(HISTORY_SECONDS).fill(null)]));
  }

  /** Adds {first, key: [...]}, which may overlap. Returns false if seconds between the old and the new are missing. */
  merge(samples) {
    const length = Math.max(0, ...this.keys.map((key) => (samples[key] || []).length));
    const last = samples.first + length - 1;
    const complete = this.last < 0 || samples.first <= this.last + 1;
    if (length > 0 && last > this.last) {
      for (let second = Math.max(this.last + 1, last - HISTORY_SECONDS + 1); second <= last; second++) {
        this.keys.forEach((key) => (this.columns[key][second % HISTORY_SECONDS] = null));
      }
      this.last = last;
    }
    for (const key of this.keys) {
      const values = samples[key] || [];
      for (let i = 0; i < values.length; i++) {
        const second = samples.first + i;
        if (second > this.last - HISTORY_SECONDS && values[i] !== undefined && values[i] !== null) {
          this.columns[key][second % HISTORY_SECONDS] = values[i];
        }
      }
    }
    return complete;
  }

  /** Returns the values of each key, oldest first, from the first second with a value, but of two minutes at least. */
  known() {
    const split = (this.last + 1) % HISTORY_SECONDS;
    const all = this.keys.map((key) => this.columns[key].slice(split).concat(this.columns[key].slice(0, split)));
    const first = all[0].findIndex((value, i) => all.some((column) => column[i] !== null));
    const start = Math.min(first < 0 ? HISTORY_SECONDS : first, HISTORY_SECONDS - MIN_SECONDS);
    return Object.fromEntries(this.keys.map((key, i) => [key, all[i].slice(start)]));
  }
}

const PATTERNS = { solid: [], dashed: [6, 4], dotted: [2, 3] };

const TABLE_SECONDS = 10;

/** Steps of an axis for counts: 1, 2, 5, 10, and so on. */
const WHOLE_STEPS = Array.from({ length: 27 }, (none, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));

/** Number of the charts made so far, for unique ids. */
let charts = 0;

/**
 * Line chart of the last ten minutes on uPlot, with a key that shows the values at the pointer, and a table behind it.
 * A series is {key, label, color, pattern, fill}: the color is the name of a custom property, and the pattern solid,
 * dashed or dotted, so that a series is known without its color.
 */
export class LineChart {
  constructor(parent, { title, note, series, format, axis, integers }) {
    this.title = title;
    this.series = series;
    this.format = format;
    this.data = null;
    this.dataTime = 0;
    this.root = create('figure', 'chart');
    const caption = create('figcaption');
    const heading = create('h4', '', title);
    heading.id = 'chart-' + ++charts;
    this.root.setAttribute('aria-labelledby', heading.id);
    this.clock = create('span', 'chart-clock', 'now');
    this.clock.setAttribute('aria-hidden', 'true');
    caption.append(heading, create('span', 'chart-note', note || ''), this.clock);
    const key = create('ul', 'chart-key');
    this.values = series.map((line) => {
      const item = create('li');
      const value = create('span', 'chart-value', '–');
      item.append(swatch(line), create('span', '', line.label), value);
      key.append(item);
      return value;
    });
    this.plot = create('div', 'chart-plot');
    this.plot.setAttribute('role', 'img');
    this.root.append(caption, key, this.plot, this.makeTable());
    parent.append(this.root);
    this.chart = new uPlot(this.options(axis || format, integers), [[], ...series.map(() => [])], this.plot);
    new ResizeObserver(() => this.resize()).observe(this.plot);
    themed.add(this);
  }

  options(axisFormat, integers) {
    const axis = {
      stroke: () => color('muted'),
      grid: { stroke: () => color('grid'), width: 1 },
      ticks: { show: false },
      font: font(11),
    };
    return {
      width: 320,
      height: 132,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'queue', setSeries: false }, points: { size: 6 } },
      scales: {
        x: { time: true },
        y: { range: (chart, minimum, maximum) => [0, Math.max(maximum || 0, integers ? 4 : 1) * 1.08] },
      },
      axes: [
        { ...axis, size: 20, gap: 3, space: 64, incrs: [60, 120, 300], values: (chart, ticks) => ticks.map(axisTime) },
        {
          ...axis,
          size: 56,
          gap: 6,
          space: 32,
          values: (chart, ticks) => ticks.map(axisFormat),
          ...(integers ? { incrs: WHOLE_STEPS } : {}),
        },
      ],
      series: [
        {},
        ...this.series.map((line) => ({
          label: line.label,
          stroke: () => color(line.color),
          width: line.pattern === 'solid' ? 1.75 : 1.5,
          dash: PATTERNS[line.pattern],
          fill: line.fill ? () => color(line.color) + '22' : undefined,
          points: { size: 3 },
        })),
      ],
      hooks: { setCursor: [() => this.showValues()] },
    };
  }

  /** Shows values: the epoch second of the newest one, and one array per series, oldest first. */
  set(newest, columns) {
    const times = columns[0].map((value, i) => newest - columns[0].length + 1 + i);
    this.data = [times, ...columns];
    this.chart.setData(this.data);
    this.showValues();
    if (Math.abs(newest - this.dataTime) >= TABLE_SECONDS) {
      this.dataTime = newest;
      this.plot.setAttribute('aria-label', this.summary());
      this.fillTable();
    }
  }

  clear() {
    this.data = null;
    this.dataTime = 0;
    this.chart.setData([[], ...this.series.map(() => [])]);
    this.values.forEach((value) => setText(value, '–'));
  }

  draw() {
    this.chart.redraw(false, true);
  }

  resize() {
    const width = this.plot.clientWidth;
    if (width > 0 && width !== this.chart.width) {
      this.chart.setSize({ width, height: this.chart.height });
    }
  }

  showValues() {
    if (this.data === null) {
      return;
    }
    const hovered = this.chart.cursor.idx;
    const last = this.data[0].length - 1;
    const index = hovered === null || hovered === undefined ? last : hovered;
    setText(this.clock, index === last ? 'now' : formatTime(this.data[0][index]));
    this.values.forEach((value, i) => setText(value, this.format(this.data[i + 1][index])));
  }

  summary() {
    const parts = this.series.map((line, i) => {
      const known = this.data[i + 1].filter((value) => value !== null);
      return known.length === 0
        ? line.label + ': no value'
        : line.label + ': ' + this.format(known.at(-1)) + ', at most ' + this.format(Math.max(...known));
    });
    return this.title + ' since ' + formatTime(this.data[0][0]) + '. ' + parts.join('. ');
  }

  makeTable() {
    this.details = create('details', 'behind');
    this.details.append(create('summary', '', 'Table'));
    const scroll = scrollRegion(this.title + ', table');
    this.body = create('tbody');
    const table = create('table');
    table.append(create('caption', '', 'Means of ' + TABLE_SECONDS + ' seconds, newest first'));
    table.append(headRow(['From', ...this.series.map((line) => line.label)]), this.body);
    scroll.append(table);
    this.details.append(scroll);
    this.details.addEventListener('toggle', () => this.fillTable());
    return this.details;
  }

  fillTable() {
    if (!this.details.open || this.data === null) {
      return;
    }
    const rows = [];
    for (let end = this.data[0].length; end >= TABLE_SECONDS; end -= TABLE_SECONDS) {
      const means = this.data.slice(1).map((values) => mean(values.slice(end - TABLE_SECONDS, end)));
      if (means.some((value) => value !== null)) {
        rows.push([formatTime(this.data[0][end - TABLE_SECONDS]), ...means.map(this.format)]);
      }
    }
    this.body.replaceChildren(...rows.map(bodyRow));
  }
}

function mean(values) {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function swatch(line) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 8');
  svg.setAttribute('class', 'swatch c-' + line.color);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M0 4h20');
  path.setAttribute('stroke-dasharray', PATTERNS[line.pattern].join(' '));
  svg.append(path);
  return svg;
}

/** Creates a region that scrolls and that the keyboard reaches. */
export function scrollRegion(label) {
  const region = create('div', 'scroll');
  region.tabIndex = 0;
  region.setAttribute('role', 'region');
  region.setAttribute('aria-label', label);
  return region;
}

export function headRow(labels) {
  const head = create('thead');
  const row = create('tr');
  for (const label of labels) {
    const cell = create('th', '', label);
    cell.scope = 'col';
    row.append(cell);
  }
  head.append(row);
  return head;
}

export function bodyRow(values) {
  const row = create('tr');
  values.forEach((value) => row.append(create('td', '', value)));
  return row;
}

function axisTime(epochSecond) {
  return formatTime(epochSecond).slice(0, 5);
}

/** Returns a count for an axis: 800, 1.2K. */
export function axisCount(value) {
  return compact.format(value);
}

/*
 * Swim lanes. A cell is a second of a worker in three characters: the busy share from 0 to 9, the outcome and the kind.
 */

const OUTCOMES = { '-': 'pale', s: 'success', f: 'failure', c: 'cancelled', r: 'retried' };

const OUTCOME_TEXTS = {
  '-': 'no task ended',
  s: 'success',
  f: 'failure',
  c: 'cancelled',
  r: 'attempt failed, will be retried',
};

const IDLE = '0-.';

const LEGEND = [
  ['9s.', 'Success'],
  ['9f.', 'Failure'],
  ['9r.', 'Failed attempt, retried'],
  ['9c.', 'Cancelled'],
  ['9-.', 'Running, none ended'],
  ['9sa', 'Asynchronous'],
  ['9s2', 'Second or later attempt'],
  ['4s.', 'Busy for a part of the second'],
];

/**
 * Draws a cell. The color and the pattern tell the outcome: solid for success, crossed for a failure, striped for a
 * failed attempt, hollow for cancelled and pale if no task ended. A block is a task on a thread, a disk an asynchronous
 * one. A notch marks a second or later attempt. The height is the share of the second that the worker was busy, but
 * failures have the full height, since their pattern must be visible.
 */
function drawCell(context, x, y, width, height, cell) {
  const share = Number(cell[0]);
  const outcome = OUTCOMES[cell[1]] ? cell[1] : '-';
  if (share === 0 && outcome === '-') {
    return;
  }
  const asynchronous = cell[2] === 'a' || cell[2] === 'b';
  const drawn = outcome === 'f' || outcome === 'r' ? 1 : Math.max(1, share) / 9;
  const full = Math.max(4, Math.round(height * drawn));
  const top = y + height - full;
  const gap = width >= 4 ? 1 : 0;
  context.save();
  context.beginPath();
  if (asynchronous) {
    const radius = Math.max(2, (Math.min(width - gap, height) / 2) * (0.5 + drawn / 2));
    context.arc(x + (width - gap) / 2, y + height / 2, radius, 0, 2 * Math.PI);
  } else {
    context.rect(x, top, width - gap, full);
  }
  context.clip();
  context.fillStyle = color(OUTCOMES[outcome]);
  context.strokeStyle = color(OUTCOMES[outcome]);
  if (outcome === 'c') {
    context.lineWidth = 3; // half of it is clipped
    context.stroke();
  } else {
    context.fill();
  }
  if (outcome === 'f') {
    cross(context, x, y, width - gap, height);
  } else if (outcome === 'r') {
    context.fillStyle = color('surface');
    for (let line = y + height - 3; line > y; line -= 4) {
      context.fillRect(x, line - 1, width, 1.5);
    }
  }
  context.restore();
  if (cell[2] === '2' || cell[2] === 'b') {
    context.fillStyle = color('text');
    context.beginPath();
    const size = Math.min(5, width - gap);
    context.moveTo(x, y - 1);
    context.lineTo(x + size, y - 1);
    context.lineTo(x + size / 2, y + size - 1);
    context.fill();
  }
}

function cross(context, x, y, width, height) {
  const half = Math.max(1.5, Math.min(width, height) / 2 - 1.5);
  const middle = x + width / 2;
  const center = y + height / 2;
  context.strokeStyle = color('surface');
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(middle - half, center - half);
  context.lineTo(middle + half, center + half);
  context.moveTo(middle + half, center - half);
  context.lineTo(middle - half, center + half);
  context.stroke();
}

/** One row per worker for the last minute, one cell per second, with a legend and a table behind it. */
export class SwimLanes {
  constructor(parent) {
    this.workers = new Map();
    this.last = -1;
    this.newest = 0;
    this.others = 0;
    this.othersBusy = 0;
    this.tableSecond = -1;
    this.root = create('div', 'lanes');
    this.canvas = create('canvas');
    this.canvas.setAttribute('role', 'img');
    this.readout = create('span');
    this.readout.setAttribute('aria-hidden', 'true');
    this.summary = create('span');
    const notes = create('p', 'lanes-notes');
    notes.append(this.summary, this.readout);
    this.empty = create('p', 'empty', 'No worker was busy in the last minute.');
    this.root.append(this.canvas, this.empty, notes, this.makeLegend(), this.makeTable());
    parent.append(this.root);
    this.canvas.addEventListener('pointermove', (event) => this.point(event));
    this.canvas.addEventListener('pointerleave', () => setText(this.readout, ''));
    new ResizeObserver(() => this.draw()).observe(this.root);
    themed.add(this);
  }

  clear() {
    this.workers.clear();
    this.last = -1;
    this.tableSecond = -1;
    setText(this.readout, '');
  }

  /**
   * Adds the newest cells {first, shown: [{worker, first, cells}], others, othersBusy}. A lane that begins earlier than
   * the others has a first of its own. The epoch second is that of the newest cell.
   */
  update(lanes, newest) {
    const shown = new Map();
    for (const { worker, first = lanes.first, cells } of lanes.shown || []) {
      const lane = this.workers.get(worker) || new Map();
      for (let i = 0; i * 3 < cells.length; i++) {
        lane.set(first + i, cells.slice(i * 3, i * 3 + 3));
        this.last = Math.max(this.last, first + i);
      }
      shown.set(worker, lane);
    }
    this.workers = new Map([...shown].sort((a, b) => a[0] - b[0]));
    for (const lane of this.workers.values()) {
      for (const second of lane.keys()) {
        if (second <= this.last - LANE_SECONDS) {
          lane.delete(second);
        }
      }
    }
    this.newest = newest;
    this.others = lanes.others || 0;
    this.othersBusy = lanes.othersBusy || 0;
    this.draw();
    setText(this.summary, this.othersText());
    if (this.last - this.tableSecond >= 5) {
      this.tableSecond = this.last;
      this.canvas.setAttribute('aria-label', this.label());
      this.fillTable();
    }
  }

  cell(lane, second) {
    return lane.get(second) || IDLE;
  }

  geometry() {
    const width = Math.max(200, this.root.clientWidth);
    const labels = 30;
    const rows = this.workers.size;
    const row = rows > 12 ? 15 : 19;
    return { width, labels, row, cell: (width - labels) / LANE_SECONDS, height: rows * row + 18 };
  }

  draw() {
    const some = this.workers.size > 0;
    this.canvas.hidden = !some;
    this.empty.hidden = some;
    if (!some || this.root.clientWidth === 0) {
      return;
    }
    const { width, labels, row, cell, height } = this.geometry();
    const context = prepare(this.canvas, width, height);
    context.font = font(11);
    context.textBaseline = 'middle';
    let y = 0;
    for (const [worker, lane] of this.workers) {
      context.fillStyle = color('muted');
      context.textAlign = 'right';
      context.fillText(String(worker), labels - 8, y + row / 2 + 0.5);
      context.fillStyle = color('grid');
      context.fillRect(labels, y + row - 1, width - labels, 1);
      for (let i = 0; i < LANE_SECONDS; i++) {
        const x = labels + Math.round(i * cell);
        const next = labels + Math.round((i + 1) * cell);
        drawCell(context, x, y + 3, next - x, row - 4, this.cell(lane, this.last - LANE_SECONDS + 1 + i));
      }
      y += row;
    }
    context.fillStyle = color('muted');
    const ticks = width < 500 ? 30 : 15;
    for (let ago = LANE_SECONDS; ago >= 0; ago -= ticks) {
      context.textAlign = ago === 0 ? 'right' : ago === LANE_SECONDS ? 'left' : 'center';
      context.fillText(ago === 0 ? 'now' : '−' + ago + ' s', labels + (LANE_SECONDS - ago) * cell, y + 11);
    }
  }

  point(event) {
    const { labels, row, cell } = this.geometry();
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - labels) / cell);
    const entry = [...this.workers][Math.floor((event.clientY - box.top) / row)];
    if (!entry || column < 0 || column >= LANE_SECONDS) {
      setText(this.readout, '');
      return;
    }
    const code = this.cell(entry[1], this.last - LANE_SECONDS + 1 + column);
    const time = formatTime(this.newest - LANE_SECONDS + 1 + column);
    setText(this.readout, time + '  Worker ' + entry[0] + ': ' + describe(code));
  }

  othersText() {
    return this.others === 0
      ? ''
      : 'The busiest ' + formatCount(this.workers.size) + ' workers of the last minute. The other '
          + formatCount(this.others) + ' were busy for ' + whole.format(this.othersBusy * 100) + ' % of the time.';
  }

  label() {
    const seconds = this.statistics();
    const failed = seconds.filter((lane) => lane.f > 0).length;
    const busy = mean(seconds.map((lane) => lane.busy)) || 0;
    return formatCount(this.workers.size) + ' workers in the last minute, busy for ' + whole.format(busy * 100)
      + ' % of the time, ' + formatCount(failed) + ' with failures';
  }

  statistics() {
    return [...this.workers].map(([worker, lane]) => {
      const row = { worker, busy: 0, s: 0, f: 0, r: 0, c: 0 };
      for (let second = this.last - LANE_SECONDS + 1; second <= this.last; second++) {
        const code = this.cell(lane, second);
        row.busy += Number(code[0]) / 9 / LANE_SECONDS;
        if (code[1] in row) {
          row[code[1]]++;
        }
      }
      return row;
    });
  }

  makeLegend() {
    const legend = create('ul', 'lanes-legend');
    legend.setAttribute('aria-label', 'Legend of the lanes');
    for (const [code, text] of LEGEND) {
      const item = create('li');
      const canvas = create('canvas');
      canvas.setAttribute('aria-hidden', 'true');
      const component = { draw: () => drawCell(prepare(canvas, 13, 16), 0, 2, 13, 13, code) };
      component.draw();
      themed.add(component);
      item.append(canvas, create('span', '', text));
      legend.append(item);
    }
    return legend;
  }

  makeTable() {
    this.details = create('details', 'behind');
    this.details.append(create('summary', '', 'Table'));
    const scroll = scrollRegion('Workers in the last minute, table');
    const table = create('table');
    this.body = create('tbody');
    table.append(create('caption', '', 'Seconds of the last minute by outcome'));
    table.append(headRow(['Worker', 'Busy', 'Success', 'Failure', 'Retried', 'Cancelled']), this.body);
    scroll.append(table);
    this.details.append(scroll);
    this.details.addEventListener('toggle', () => this.fillTable());
    return this.details;
  }

  fillTable() {
    if (this.details.open) {
      const rows = this.statistics().map((lane) => [
        String(lane.worker), whole.format(lane.busy * 100) + ' %', ...[lane.s, lane.f, lane.r, lane.c].map(formatCount),
      ]);
      this.body.replaceChildren(...rows.map(bodyRow));
    }
  }
}

function describe(code) {
  if (code === IDLE) {
    return 'idle';
  }
  const kinds = { a: ', asynchronous', 2: ', second or later attempt', b: ', asynchronous, second or later attempt' };
  return 'busy for ' + whole.format((Number(code[0]) / 9) * 100) + ' % of the second, '
    + (OUTCOME_TEXTS[code[1]] || '') + (kinds[code[2]] || '');
}
