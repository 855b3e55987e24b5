// One picture on the page: its parts, and what happens when it changes.
import { commandsOf } from './commands.js';
import { Camera } from './camera.js';
import { Controls } from './controls.js';
import { Graph } from './graph.js';
import { Groups } from './groups.js';
import { Pointer } from './pointer.js';
import { Keyboard } from './keyboard.js';
import { showLegend } from './legend.js';
import { Loader } from './loader.js';
import { readColours, WORDS } from './look.js';
import { Matches } from './matches.js';
import { Minimap } from './minimap.js';
import { counterpart, Motion, Shift } from './motion.js';
import { Neighbours } from './neighbours.js';
import { Panel } from './panel.js';
import { Renderer } from './renderer.js';
import { Address, short } from './address.js';
import { Time } from './time.js';

const BEGINNING = 0.3; // the scale of a first picture that is too large to be read whole
const MANY = 400; // cards; a larger picture is first shown whole
const BELOW = 130; // pixels for what stands below a canvas: time, legend
const THIN = 200; // pixels
const MOVING = 1500; // cards; a larger picture changes at once

export class View {
  constructor(element, shared) {
    this.element = element;
    this.stage = element.parentElement;
    this.canvas = element.querySelector('canvas');
    this.legend = this.stage.parentElement.querySelector('.legend');
    this.said = this.stage.querySelector('.said');
    this.name = element.dataset.name || 'lineage';
    this.alone = 'alone' in element.dataset; // in a file: there is no server to ask
    this.graph = new Graph();
    this.camera = new Camera();
    this.selected = this.hovered = -1;
    this.asOf = this.pointed = this.motion = null;
    this.changes = 0;
    this.address = new Address(element, shared);
    this.loader = new Loader(this.stage);
    this.screen = new Renderer(this.canvas);
    this.minimap = new Minimap(this);
    this.panel = new Panel(this, this.stage.querySelector('.panel'));
    this.groups = new Groups(this);
    this.matches = new Matches(this);
    this.neighbours = new Neighbours(this);
    this.time = new Time(this);
    this.hand = new Pointer(this);
    this.keys = new Keyboard(this);
    this.controls = new Controls(this);
    this.colours = readColours(element);
    element.classList.add('alive');
    this.begin();
  }

  // The first picture: in the page where it is small, else asked for.
  async begin() {
    this.relook();
    const held = this.element.querySelector('script');
    if (held) this.show(JSON.parse(held.textContent));
    else await this.fetch();
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.colours = readColours(this.element);
      this.relook();
    });
    if (this.address.picture) window.addEventListener('popstate', () => this.moved());
  }

  ask(undo) {
    const before = this.graph.cards.length > 0;
    return this.loader.picture(this.address.picture ?? this.element.dataset.picture, {
      before, undo, again: () => this.refresh(),
    });
  }

  // Show the first picture, from where the address says.
  show(picture) {
    this.take(new Graph(picture));
    this.setHeight();
    this.resize();
    this.time.read(this.address.get('at'));
    this.time.load();
    const { width, height } = this.size();
    this.start(width, height);
    const chosen = this.address.get('selected');
    if (chosen) this.select(this.graph.numberOf(chosen), false, false);
    this.standAsNoted(width, height);
    this.draw();
  }

  start(width, height) {
    this.camera.fit(this.graph, width, height);
    if (this.camera.scale >= WORDS) return;
    const { camera, graph } = this;
    const many = graph.cards.length > MANY;
    const thin = Math.min(graph.width, graph.height) * camera.scale < THIN;
    if (many && !thin) return;
    // A small picture begins near by; a large one as it is, unless it were but a thread.
    camera.scale = Math.min(BEGINNING, many ? Math.max(width / graph.width, height / graph.height) * 0.9 : BEGINNING);
    camera.centre(graph.cards.find((card) => card.start) ?? { x: 0, y: 0 }, width, height);
    camera.within(graph, width, height);
    camera.begin(graph);
  }

  standAsNoted(width, height) {
    const [x, y, zoom] = ['x', 'y', 'zoom'].map((name) => this.address.number(name));
    if (x === null || y === null || zoom === null || zoom <= 0) return false;
    this.camera.scale = Math.min(2.5, Math.max(this.camera.least, zoom));
    this.camera.centre({ x, y }, width, height);
    return true;
  }

  take(graph) {
    this.graph = graph;
    this.camera.limit(graph, ...Object.values(this.size()));
    const { picture } = graph;
    const changed = picture.changes ? [...new Set(picture.changes)] : null;
    this.changed = changed;
    this.loader.tell('dropped', picture.dropped);
    this.loader.say('empty', graph.cards.length ? '' : 'There is nothing to draw: no node meets what the page asks for.');
    this.groups.showMenu();
    this.controls.follow();
    this.matches.tell();
    this.canvas.dataset.drawn = graph.cards.length;
    this.canvas.dataset.hash = picture.hash;
  }

  // Turn into another picture. What one looks at stays where it is.
  turn(picture, keep) {
    const old = this.graph;
    if (picture.hash === old.picture.hash) {
      this.controls.follow();
      return;
    }
    const { width, height } = this.size();
    const chosen = old.cards[this.selected];
    const [x, y] = this.camera.toPicture(width / 2, height / 2);
    const anchors = [keep, chosen?.key, old.cards[this.hovered]?.key, old.cards[old.nearestTo(x, y)]?.key];
    this.take(new Graph(picture));
    let offset = null;
    for (const key of anchors) {
      const before = key ? old.cards[old.numberOf(key)] : null;
      const after = before ? this.graph.cards[counterpart(before, this.graph)] : null;
      if (!after) continue;
      offset = [after.x - before.x, after.y - before.y];
      break;
    }
    this.selected = counterpart(chosen, this.graph);
    this.hovered = -1;
    if (offset) {
      this.camera.x += offset[0];
      this.camera.y += offset[1];
    } else this.start(width, height);
    this.setHeight(this.canvas.clientHeight);
    this.shift = offset && this.graph.cards.length <= MOVING ? new Shift(old, this.graph, offset) : null;
    const { shift } = this;
    if (shift) {
      this.move((share, done) => {
        shift.share = share;
        if (done && this.shift === shift) this.shift = null;
      });
    }
    if (chosen && this.selected < 0) this.panel.close();
    this.time.load();
    this.note();
  }

  // Change what the server applies: one step that can be undone.
  async change(edit, keep) {
    if (!this.address.picture || !this.address.push(edit)) return;
    this.controls.follow();
    await this.fetch(keep, () => history.back());
  }

  async fetch(keep = null, undo = null) {
    this.element.classList.add('waiting');
    const asked = this.address.picture;
    const picture = await this.ask(undo);
    if (asked === this.address.picture) this.element.classList.remove('waiting');
    if (!picture) return;
    this.shownAddress = asked;
    if (this.graph.picture.version) this.turn(picture, keep);
    else this.show(picture);
    this.stage.dispatchEvent(new CustomEvent('picture', { bubbles: true, detail: { picture, address: asked } }));
  }

  // Ask again for the picture that is shown: camera, selection and places are kept.
  refresh() {
    return this.fetch();
  }

  // Back or forward.
  async moved() {
    this.address.moved();
    this.time.read(this.address.get('at'));
    await this.fetch();
    const { width, height } = this.size();
    const chosen = this.address.get('selected');
    this.select(chosen ? this.graph.numberOf(chosen) : -1, !this.panel.element.hidden, false);
    this.fly((camera) => Object.assign(camera, this.noted(camera, width, height)));
  }

  noted(camera, width, height) {
    const now = this.camera;
    this.camera = camera;
    this.standAsNoted(width, height);
    this.camera = now;
    return camera;
  }

  // As high as the whole picture needs at the width there is, within reason.
  setHeight(least = 300) {
    if (document.body.classList.contains('alone')) return;
    const scale = Math.min(1, (this.canvas.clientWidth - 72) / Math.max(1, this.graph.width));
    const below = window.innerHeight - this.canvas.getBoundingClientRect().top - window.scrollY - BELOW;
    const most = Math.max(360, window.innerHeight * 0.66, this.address.shared ? below : 0);
    const wanted = Math.min(most, Math.max(least, this.graph.height * scale + 130));
    this.canvas.style.height = `${Math.round(this.graph.cards.length > MANY ? most : wanted)}px`;
  }

  size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.size();
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.camera.limit(this.graph, width, height);
    this.draw();
  }

  // What is lit, dimmed, later and chosen; its key says when a bitmap of it is out of date.
  relook() {
    const shown = this.hovered >= 0 ? this.hovered : this.selected;
    const { picture, matches } = this.graph;
    this.changes += 1;
    if (this.legend) showLegend(this.legend, this.graph, this.asOf?.later);
    this.look = {
      key: this.changes,
      colours: this.colours,
      lit: this.pointed ?? (shown >= 0 ? this.graph.connected(shown) : null),
      matched: matches ? this.graph.marked(matches) : null,
      changes: picture.changes,
      changed: picture.changes ? this.changed : null,
      moment: this.time?.at ?? null,
      ...this.asOf,
    };
    this.draw();
  }

  draw() {
    this.canvas.ariaBusy = 'true';
    this.frame ??= requestAnimationFrame((now) => this.paint(now));
  }

  paint(now) {
    this.frame = null;
    const { width, height } = this.size();
    if (this.motion && !this.motion.at(now)) this.motion = null;
    Object.assign(this.look, { selected: this.selected, hovered: this.hovered, shift: this.shift });
    const more = this.screen.draw(this.graph, this.camera, this.look, width, height, now);
    this.minimap.draw(this.graph, this.camera, this.look, width, height);
    if (more || this.motion) this.draw();
    else this.canvas.ariaBusy = 'false';
  }

  move(step) {
    this.motion = new Motion(step);
    this.draw();
  }

  // Go somewhere else, evenly.
  fly(to) {
    const size = this.size();
    const from = { ...this.camera.copy() };
    const end = this.camera.copy();
    to(end);
    const target = { ...end, ...size };
    this.move((share, done) => {
      if (done) Object.assign(this.camera, end);
      else this.camera.between({ ...from, ...size }, target, share);
    });
    this.note(end);
  }

  note(camera = this.camera) {
    const { width, height } = this.size();
    const [x, y] = camera.toPicture(width / 2, height / 2).map((value) => String(Math.round(value)));
    const chosen = this.graph.cards[this.selected];
    this.address.note({ x, y, zoom: short(camera.scale), selected: chosen ? chosen.key : null });
  }

  zoom(factor, x, y) {
    this.halt();
    this.camera.zoom(factor, x, y);
    this.note();
    this.draw();
  }

  pan(dx, dy) {
    this.halt();
    this.camera.pan(dx, dy);
    this.note();
    this.draw();
  }

  // A hand on the picture stops what moves it.
  halt() {
    if (!this.shift) this.motion = null;
  }

  stand(point) {
    const { width, height } = this.size();
    this.halt();
    this.camera.centre(point, width, height);
    this.note();
    this.draw();
  }

  // From afar: go near to a place.
  enter(x, y) {
    const { width, height } = this.size();
    this.fly((camera) => {
      camera.scale = Math.max(0.12, camera.scale * 4);
      camera.centre({ x, y }, width, height);
    });
  }

  act(name) {
    commandsOf(this)[name]?.();
  }

  hover(number) {
    this.hovered = number;
    this.relook();
  }

  point(marked) {
    this.pointed = marked;
    this.relook();
  }

  select(number, withPanel, moving = true) {
    this.selected = number;
    const card = this.graph.cards[number];
    this.relook();
    if (withPanel && card) this.panel.show(card);
    if (!card) this.panel.close();
    if (!moving) return;
    if (!card) {
      this.note();
      return;
    }
    const { width, height } = this.size();
    const beside = this.panel.element.hidden || width < 640 ? 0 : this.panel.element.offsetWidth + 12;
    this.fly((camera) => camera.reveal(card, this.graph, width - beside, height));
    this.say([card.heading, card.key, card.title, card.state.toLowerCase(), `${card.upstream} upstream, ${card.downstream} downstream`].filter(Boolean).join(', '));
  }

  open(number, side) {
    const card = this.graph.cards[number];
    if (!card[`hidden_${side}`]) {
      this.say(`All that is ${side} of it is drawn.`);
      return;
    }
    if (card.group) this.tell('Unfold it to open what is beside its members.');
    else if (this.address.picture) this.neighbours.open(card, side);
    else if (this.alone) this.tell(`${card[`hidden_${side}`].toLocaleString('en')} more are ${side} of it, and not in this file.`);
    else location.assign(`/${card.key.replace('/', 's/')}/lineage?direction=${side}`);
  }

  say(text) {
    this.said.textContent = text;
  }

  tell(text) {
    this.loader.tell('told', [text]);
  }
}
