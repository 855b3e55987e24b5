// Keeps a page up to date. One stream says what changed in the store; what of it this page shows is
// read again: its pictures by themselves, and the parts marked with data-live from the page itself.
const main = document.querySelector('main[data-watch]');
const APART = 700; // milliseconds between two readings, at least
const NEVER = 3; // failures in a row after which only a reload helps

class Live {
  constructor() {
    this.watched = main.dataset.watch.split(' ');
    this.since = main.dataset.since;
    this.failures = 0;
    this.wanted = false;
    this.reading = false;
    this.word = Object.assign(document.createElement('p'), { className: 'live', title: 'This page changes when the store does.' });
    this.word.setAttribute('role', 'status');
    main.append(this.word);
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.start()));
    window.addEventListener('pagehide', () => this.stop());
    window.addEventListener('pageshow', () => this.start());
    this.start();
  }

  start() {
    if (document.hidden || this.source) return;
    this.source = new EventSource(`/live?since=${this.since}`);
    this.source.addEventListener('open', () => this.say('live', 'live'));
    this.source.addEventListener('message', (event) => this.hear(event));
    this.source.addEventListener('trouble', () => this.say('trouble', 'not live: the store does not answer'));
    this.source.addEventListener('error', () => this.broken());
  }

  stop() {
    this.source?.close();
    this.source = null;
  }

  say(state, text) {
    main.dataset.stream = state;
    this.word.className = `live state ${state === 'live' ? 'good' : 'busy'}`;
    this.word.textContent = text;
  }

  broken() {
    this.say('broken', 'not live any more – reconnecting …');
    if (this.source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    this.stop();
    this.failures += 1;
    if (this.failures > NEVER) this.say('broken', 'not live any more – reload the page');
    else setTimeout(() => this.start(), 3000 * this.failures);
  }

  hear(event) {
    this.failures = 0;
    this.since = event.lastEventId || this.since;
    this.say('live', 'live');
    const { refs, all } = JSON.parse(event.data);
    if (all || this.shows(refs)) this.read();
  }

  shows(refs) {
    if (this.watched.includes('all')) return true;
    const changed = new Set(refs);
    if (this.watched.some((ref) => changed.has(ref))) return true;
    return (window.views ?? []).some((view) => view.graph?.cards.some((card) => changed.has(card.key)));
  }

  // One reading at a time, and one more when something changed meanwhile.
  async read() {
    this.wanted = true;
    if (this.reading) return;
    this.reading = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        await this.readPage();
        await Promise.all((window.views ?? []).map((view) => view.refresh()));
      } catch {
        this.say('broken', 'not live: the server does not answer');
      }
      await new Promise((done) => { setTimeout(done, APART); });
    }
    this.reading = false;
  }

  async readPage() {
    const parts = document.querySelectorAll('[data-live]');
    if (!parts.length) return;
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const pictures = page.querySelectorAll('.view');
    if (pictures.length !== document.querySelectorAll('.view').length) location.reload(); // its first steps
    pictures.forEach((fresh, number) => follow(window.views[number], fresh.dataset.picture));
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh && fresh.innerHTML !== part.innerHTML) replace(part, fresh);
    }
    main.dataset.read = String(Number(main.dataset.read ?? 0) + 1);
  }
}

// The page of a pipeline draws its newest run, which may be another one now.
function follow(view, picture) {
  if (!picture || view.element.dataset.picture === picture) return;
  view.element.dataset.picture = picture;
  view.address.path = picture.split('?')[0];
}

// Put the fresh part in the place of the old one; what had the focus has it again.
function replace(part, fresh) {
  const held = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  const opened = [...part.querySelectorAll('details')].map((details) => details.open);
  part.replaceChildren(...fresh.childNodes);
  part.querySelectorAll('details').forEach((details, number) => { details.open = opened[number] ?? false; });
  if (held) [...part.querySelectorAll('a')].find((link) => link.getAttribute('href') === held)?.focus({ preventScroll: true });
}

if (main && window.EventSource) window.live = new Live();
