// The whole picture, small, in a corner of a canvas that shows only a part of it. Click or drag to go there.
import { make } from './dom.js';
import { paintBlocks } from './rollup.js';

const [WIDE, HIGH, LEAST] = [180, 120, 24];

export class Minimap {
  constructor(view) {
    this.frame = make('div');
    this.element = make('div', { className: 'minimap', ariaHidden: 'true', hidden: true }, this.frame);
    view.element.append(this.element);
    const go = (event) => {
      const box = this.element.getBoundingClientRect();
      if (event.buttons) view.stand({ x: (event.clientX - box.x) / this.scale, y: (event.clientY - box.y) / this.scale });
    };
    this.element.addEventListener('pointerdown', (event) => {
      this.element.setPointerCapture(event.pointerId);
      go(event);
    });
    this.element.addEventListener('pointermove', go);
  }

  draw(graph, camera, look, width, height) {
    const [left, top] = camera.toPicture(0, 0);
    const [right, bottom] = camera.toPicture(width, height);
    const whole = left <= 0 && top <= 0 && right >= graph.width && bottom >= graph.height;
    this.element.hidden = whole || width < 480 || !graph.cards.length;
    if (this.element.hidden) return;
    this.paint(graph, look);
    const inside = (value, most) => Math.min(most, Math.max(0, value)) * this.scale;
    const [x, y] = [inside(left, graph.width), inside(top, graph.height)];
    Object.assign(this.frame.style, {
      transform: `translate(${x}px, ${y}px)`,
      width: `${Math.max(4, inside(right, graph.width) - x)}px`,
      height: `${Math.max(4, inside(bottom, graph.height) - y)}px`,
    });
  }

  // The blocks are painted once for each look.
  paint(graph, look) {
    if (this.graph === graph && this.key === look.key) return;
    [this.graph, this.key] = [graph, look.key];
    const ratio = window.devicePixelRatio || 1;
    this.scale = Math.min(WIDE / graph.width, HIGH / graph.height);
    const [wide, high] = [Math.max(LEAST, graph.width * this.scale), Math.max(LEAST, graph.height * this.scale)];
    const bitmap = make('canvas', { width: Math.round(wide * ratio), height: Math.round(high * ratio) });
    const context = bitmap.getContext('2d');
    context.scale(this.scale * ratio, this.scale * ratio);
    paintBlocks(context, graph, this.scale * 4, [0, 0, graph.width, graph.height], look, { words: false });
    Object.assign(this.element.style, { width: `${wide}px`, height: `${high}px`, backgroundImage: `url(${bitmap.toDataURL()})` });
  }
}
