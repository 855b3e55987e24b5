// One picture on the page: the canvas, its buttons, its panel, and how they answer hand and keyboard.
import { Camera } from './camera.js';
import { Graph } from './graph.js';
import { BADGES, paint, readColours } from './paint.js';

const SMALLEST = 0.3; // a first picture smaller than this begins at its start instead
const CLICK = 5; // pixels a pointer may move and still click

// A small picture stands in the page; a big one is read on its own.
async function pictureOf(element) {
  const held = element.querySelector('script');
  if (held) return JSON.parse(held.textContent);
  const response = await fetch(element.dataset.picture);
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

export class View {
  constructor(element) {
    this.element = element;
    this.grows = element.dataset.grows === 'yes';
    this.canvas = element.querySelector('canvas');
    this.panel = element.parentElement.querySelector('.panel');
    this.said = element.parentElement.querySelector('.said');
    this.camera = new Camera();
    this.selected = -1;
    this.hovered = -1;
    this.pointers = new Map();
    this.begin();
  }

  async begin() {
    const { element } = this;
    element.classList.add('alive');
    const picture = await pictureOf(element).catch(() => null);
    if (!picture) {
      this.said.textContent = 'The picture could not be read. Load the page again.';
      return;
    }
    this.load(picture);
    this.setHeight();
    this.resize();
    this.start();
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolour());
    this.listen();
  }

  load(picture) {
    this.graph = new Graph(picture);
    this.colours = readColours(this.element);
  }

  start() {
    const { width, height } = this.size();
    this.camera.fit(this.graph, width, height);
    const first = this.graph.cards.find((card) => card.start);
    if (this.camera.scale < SMALLEST) {
      this.camera.scale = SMALLEST;
      if (first) this.camera.centre(first, width, height);
      else {
        this.camera.x = -30 / SMALLEST;
        this.camera.y = this.graph.height / 2 - height / 2 / SMALLEST;
      }
    }
    this.draw();
  }

  // As high as the whole picture needs at the width there is, within reason.
  setHeight() {
    const scale = Math.min(1, (this.canvas.clientWidth - 72) / this.graph.width);
    const most = Math.max(360, window.innerHeight * 0.66);
    this.canvas.style.height = `${Math.round(Math.min(most, Math.max(300, this.graph.height * scale + 130)))}px`;
  }

  size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.size();
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.draw();
  }

  recolour() {
    this.colours = readColours(this.element);
    this.draw();
  }

  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      const shown = this.hovered >= 0 ? this.hovered : this.selected;
      const lit = shown >= 0 ? this.graph.connected(shown) : null;
      paint(this.canvas, this.graph, this.camera, { colours: this.colours, lit, selected: this.selected });
      this.canvas.dataset.drawn = this.graph.cards.length;
    });
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    canvas.addEventListener('pointerdown', (event) => this.down(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.up(event));
    canvas.addEventListener('pointercancel', (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener('pointerleave', () => this.hover(null));
    canvas.addEventListener('keydown', (event) => this.key(event));
    for (const button of this.element.querySelectorAll('button[data-do]')) {
      button.addEventListener('click', () => this.act(button.dataset.do));
    }
    window.addEventListener('popstate', () => this.grows && this.fetchPage(location.href, null));
  }

  act(name) {
    const { width, height } = this.size();
    if (name === 'fit') this.camera.fit(this.graph, width, height);
    if (name === 'in') this.camera.zoom(1.3, width / 2, height / 2);
    if (name === 'out') this.camera.zoom(1 / 1.3, width / 2, height / 2);
    this.draw();
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    this.camera.zoom(Math.exp(-event.deltaY * lines * 0.0015), event.offsetX, event.offsetY);
    this.draw();
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (this.pointers.size === 1) this.pressed = [event.offsetX, event.offsetY];
    else this.pressed = null;
  }

  move(event) {
    const last = this.pointers.get(event.pointerId);
    const now = [event.offsetX, event.offsetY];
    if (!last) {
      this.hover(this.under(event));
      return;
    }
    const others = [...this.pointers.entries()].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const [, other] = others[0];
      const before = Math.hypot(last[0] - other[0], last[1] - other[1]);
      const after = Math.hypot(now[0] - other[0], now[1] - other[1]);
      this.camera.zoom(after / (before || 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else {
      this.camera.pan(now[0] - last[0], now[1] - last[1]);
    }
    if (this.pressed && Math.hypot(now[0] - this.pressed[0], now[1] - this.pressed[1]) > CLICK) {
      this.pressed = null;
    }
    this.pointers.set(event.pointerId, now);
    this.draw();
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    if (!this.pressed) return;
    this.pressed = null;
    const found = this.under(event);
    if (found?.side) this.open(found.number, found.side);
    else this.select(found ? found.number : -1, true);
  }

  under(event) {
    const [x, y] = this.camera.toPicture(event.offsetX, event.offsetY);
    return this.graph.at(x, y, 3 / this.camera.scale, this.camera.scale >= BADGES);
  }

  hover(found) {
    const number = found ? found.number : -1;
    this.canvas.style.cursor = found ? 'pointer' : 'grab';
    this.canvas.title = found?.side ? this.promise(found.number, found.side) : '';
    if (number === this.hovered) return;
    this.hovered = number;
    this.draw();
  }

  promise(number, side) {
    const card = this.graph.cards[number];
    const count = card[`hidden_${side}`];
    return `Show ${count} more ${side} of ${card.heading} (${card[side]} in all)`;
  }

  select(number, withPanel) {
    this.selected = number;
    const card = this.graph.cards[number];
    if (card) {
      const { width, height } = this.size();
      this.camera.reveal(card, this.graph, width, height);
      const sides = `${card.upstream} upstream, ${card.downstream} downstream`;
      this.said.textContent = `${card.heading}, ${card.ref}, ${card.state.toLowerCase()} ${sides}`;
    }
    if (withPanel && card) this.showPanel(card);
    if (!card) this.closePanel();
    this.draw();
  }

  async showPanel(card) {
    this.panel.hidden = false;
    this.panel.replaceChildren(Object.assign(document.createElement('p'), { textContent: 'Loading …' }));
    const [kind, id] = card.ref.split('/');
    const response = await fetch(`/${kind}s/${id}/panel`);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (this.graph.cards[this.selected] !== card) return;
    this.panel.replaceChildren(...page.querySelector('main, body').childNodes);
    this.panel.querySelector('button[data-do=close]')?.addEventListener('click', () => this.select(-1, true));
  }

  closePanel() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
  }

  key(event) {
    const { key } = event;
    if (key.startsWith('Arrow')) {
      event.preventDefault();
      if (this.selected < 0) this.select(Math.max(0, this.graph.cards.findIndex((card) => card.start)), false);
      else {
        const next = this.graph.step(this.selected, key);
        if (next >= 0) this.select(next, !this.panel.hidden);
      }
    } else if (key === 'Enter' && this.selected >= 0) this.select(this.selected, true);
    else if (key === 'Escape') this.select(-1, true);
    else if (key === '[' && this.selected >= 0) this.open(this.selected, 'upstream');
    else if (key === ']' && this.selected >= 0) this.open(this.selected, 'downstream');
    else if (key === '+' || key === '=') this.act('in');
    else if (key === '-') this.act('out');
    else if (key === '0' || key === 'f') this.act('fit');
  }

  // Show what one side of a card hides. The address says so, and going back takes it away again.
  open(number, side) {
    const card = this.graph.cards[number];
    if (!card[`hidden_${side}`]) return;
    if (!this.grows) {
      location.assign(`/${card.ref.replace('/', 's/')}/lineage?direction=${side}`);
      return;
    }
    const address = new URL(location.href);
    address.searchParams.append('opened', `${card.ref}-${side}`);
    history.pushState(null, '', address);
    this.fetchPage(address, card.ref);
  }

  // Read the page anew; what is kept in view stays where it is.
  async fetchPage(address, keep) {
    this.element.classList.add('busy');
    try {
      const response = await fetch(address);
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = page.querySelector('.view');
      if (!response.ok || !fresh) {
        this.said.textContent = page.querySelector('main')?.textContent.trim() ?? 'That did not work.';
        return;
      }
      const picture = await pictureOf(fresh);
      const before = this.graph.cards[this.graph.numberOf(keep)];
      const chosen = this.graph.cards[this.selected]?.ref;
      this.load(picture);
      const after = this.graph.cards[this.graph.numberOf(keep)];
      if (before && after) {
        this.camera.x += after.x - before.x;
        this.camera.y += after.y - before.y;
      }
      this.selected = this.graph.numberOf(chosen);
      this.hovered = -1;
      const low = this.canvas.clientHeight;
      this.setHeight();
      this.canvas.style.height = `${Math.max(low, this.canvas.clientHeight)}px`;
      for (const twin of ['.twin', '.shown']) {
        document.querySelector(twin)?.replaceWith(page.querySelector(twin));
      }
      this.draw();
    } catch {
      this.said.textContent = 'The server does not answer. Is it still running?';
    } finally {
      this.element.classList.remove('busy');
    }
  }
}
