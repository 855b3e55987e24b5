// The address has what a view shows: what the server applies, the camera, the selection. A change that can be
// undone is a step of the history of the browser; the camera is only noted.

const SERVERS = [ // what the server applies; it need not be asked when anything else changes
  'direction', 'depth', 'limit', 'opened', 'picked', 'show', 'cached', 'reduce', 'fold', 'unfold', 'by', 'stacks', 'out', 'find',
];
const PATIENCE = 250; // ms before where one stands is noted

export class Address {
  // One view of a page has the page's address; any other keeps its own; a file brings it along.
  constructor(element, shared) {
    this.element = element;
    this.shared = shared && 'picture' in element.dataset;
    this.url = new URL('query' in element.dataset ? `about:view?${element.dataset.query}` : location.href);
    this.step = history.state?.step ?? 0;
    this.last = Math.max(this.step, Number(history.state?.last ?? 0));
  }

  get parameters() {
    return (this.shared ? new URL(location.href) : this.url).searchParams;
  }

  get(name) {
    return this.parameters.get(name);
  }

  number(name) {
    const value = Number.parseFloat(this.get(name) ?? '');
    return Number.isFinite(value) ? value : null;
  }

  // The address of the picture, without what the server passes over; null where a view cannot change.
  get picture() {
    if (!('picture' in this.element.dataset)) return null;
    const url = new URL(this.element.dataset.picture, location.href);
    const own = [...url.searchParams].filter(([name]) => !SERVERS.includes(name));
    const given = [...this.parameters].filter(([name]) => SERVERS.includes(name));
    url.search = new URLSearchParams([...own, ...given]);
    return url.pathname + url.search;
  }

  // Change what the server applies, as one step that can be undone; false where nothing changes.
  push(edit) {
    this.settle();
    const url = this.shared ? new URL(location.href) : this.url;
    const before = url.search;
    edit(url.searchParams);
    if (url.search === before) return false;
    if (!this.shared) return true;
    this.step += 1;
    this.last = this.step;
    history.pushState({ step: this.step, last: this.last }, '', url);
    return true;
  }

  // Note where one stands, when it has come to rest. Null takes a value out.
  note(values) {
    if (!this.shared) return;
    this.noted = { ...this.noted, ...values };
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.settle(), PATIENCE);
  }

  settle() {
    clearTimeout(this.waiting);
    if (!this.noted) return;
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(this.noted)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    this.noted = null;
    history.replaceState({ step: this.step, last: this.last }, '', url);
  }

  // The browser went back or forward.
  moved() {
    clearTimeout(this.waiting);
    this.noted = null;
    this.step = history.state?.step ?? 0;
  }

  get canUndo() {
    return this.shared && this.step > 0;
  }

  get canRedo() {
    return this.shared && this.step < this.last;
  }
}

// Numbers as short as they may be: 0.0123, 1.23, 123.
export function short(number) {
  return String(Number(number.toPrecision(3)));
}

// Take one value out of a parameter that may have many, or put one in.
export function without(parameters, name, value) {
  const rest = parameters.getAll(name).filter((other) => other !== value);
  parameters.delete(name);
  for (const other of rest) parameters.append(name, other);
}

export function including(parameters, name, value) {
  if (!parameters.getAll(name).includes(value)) parameters.append(name, value);
}
