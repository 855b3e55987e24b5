// What the pointer does: drag, wheel, pinch, point, click.
import { BADGES, DOTS } from './look.js';
import { badgeHint } from './card.js';

const CLICK = 5; // pixels a pointer may move and still click
const FINGER = 12; // pixels a finger may miss by

export class Pointer {
  constructor(view) {
    this.view = view;
    this.pointers = new Map();
    const { canvas } = view;
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    canvas.addEventListener('pointerdown', (event) => this.down(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.up(event));
    canvas.addEventListener('pointercancel', (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener('pointerleave', () => this.point(null));
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const pinch = event.ctrlKey ? 6 : 1; // two fingers on a touchpad
    this.view.zoom(Math.exp(-event.deltaY * lines * pinch * 0.0015), event.offsetX, event.offsetY);
  }

  down(event) {
    this.view.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    this.pressed = this.pointers.size === 1 ? [event.offsetX, event.offsetY] : null;
  }

  move(event) {
    const last = this.pointers.get(event.pointerId);
    const now = [event.offsetX, event.offsetY];
    if (!last) {
      this.point(event);
      return;
    }
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const before = Math.hypot(last[0] - other[0], last[1] - other[1]);
      const after = Math.hypot(now[0] - other[0], now[1] - other[1]);
      this.view.zoom(after / (before || 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      this.view.pan((now[0] - last[0]) / 2, (now[1] - last[1]) / 2);
    } else if (!this.pressed || Math.hypot(now[0] - this.pressed[0], now[1] - this.pressed[1]) > CLICK) {
      if (this.pressed) this.view.pan(now[0] - this.pressed[0], now[1] - this.pressed[1]);
      else this.view.pan(now[0] - last[0], now[1] - last[1]);
      this.pressed = null;
    }
    this.pointers.set(event.pointerId, now);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    if (!this.pressed) return;
    this.pressed = null;
    const { view } = this;
    const [x, y] = view.camera.toPicture(event.offsetX, event.offsetY);
    if (view.camera.scale < DOTS) {
      view.enter(x, y);
      return;
    }
    const found = this.under(event, event.pointerType === 'touch' ? FINGER : 3);
    if (found?.side) view.open(found.number, found.side);
    else view.select(found ? found.number : -1, true);
  }

  under(event, pixels = 3) {
    const { camera, graph } = this.view;
    if (camera.scale < DOTS) return null;
    const [x, y] = camera.toPicture(event.offsetX, event.offsetY);
    return graph.at(x, y, pixels / camera.scale, camera.scale >= BADGES);
  }

  // Say what is under the pointer; its way up and down lights up.
  point(event) {
    const { view } = this;
    const found = event && event.pointerType !== 'touch' ? this.under(event) : null;
    const number = found ? found.number : -1;
    view.canvas.style.cursor = found || view.camera.scale < DOTS ? 'pointer' : 'grab';
    const card = view.graph.cards[number];
    let title = '';
    if (found?.side) title = badgeHint(card, found.side);
    else if (card && view.camera.scale < 1) title = [card.heading, card.title, card.state.toLowerCase()].filter(Boolean).join(' · ');
    if (view.canvas.title !== title) view.canvas.title = title;
    if (number !== view.hovered) view.hover(number);
  }
}
