// The whole picture, small, in a corner of a canvas that shows only a part of it. Click or drag to go there.
import { make } from './dom.js';
import { paintBlocks } from './rollup.js';

const [WIDE, HIGH] = [180, 120];

export class Minimap {
  constructor(view) {
    const canvas = make('canvas', { className: 'minimap', ariaHidden: 'true' });
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.place = view.element;
    const go = (event) => {
      if (!event.buttons) return;
      const scale = this.scale;
      view.stand({ x: event.offsetX / scale, y: event.offsetY / scale });
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    canvas.addEventListener('pointermove', go);
  }

  draw(graph, camera, look, width, height) {
    const [left, top] = camera.toPicture(0, 0);
    const [right, bottom] = camera.toPicture(width, height);
    const whole = left <= 0 && top <= 0 && right >= graph.width && bottom >= graph.height;
    if (whole || width < 480 || !graph.cards.length) {
      this.canvas.remove();
      return;
    }
    if (!this.canvas.isConnected) this.place.append(this.canvas);
    this.paint(graph, look);
    const { context, ratio, scale } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.drawImage(this.bitmap, 0, 0, this.bitmap.width / ratio, this.bitmap.height / ratio);
    context.strokeStyle = look.colours.focus;
    context.lineWidth = 1.5;
    const clamp = (value, most) => Math.min(most, Math.max(0, value)) * scale;
    const [x, y] = [clamp(left, graph.width), clamp(top, graph.height)];
    context.strokeRect(x + 1, y + 1, Math.max(3, clamp(right, graph.width) - x - 2), Math.max(3, clamp(bottom, graph.height) - y - 2));
  }

  // The blocks are painted once for each look.
  paint(graph, look) {
    if (this.bitmap && this.graph === graph && this.key === look.key) return;
    [this.graph, this.key] = [graph, look.key];
    this.ratio = window.devicePixelRatio || 1;
    this.scale = Math.min(WIDE / graph.width, HIGH / graph.height);
    const [wide, high] = [Math.max(24, graph.width * this.scale), Math.max(24, graph.height * this.scale)];
    for (const canvas of [this.canvas, (this.bitmap = document.createElement('canvas'))]) {
      canvas.width = Math.round(wide * this.ratio);
      canvas.height = Math.round(high * this.ratio);
    }
    Object.assign(this.canvas.style, { width: `${wide}px`, height: `${high}px` });
    const context = this.bitmap.getContext('2d');
    context.fillStyle = look.colours.paper;
    context.fillRect(0, 0, this.bitmap.width, this.bitmap.height);
    const scale = this.scale * this.ratio;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paintBlocks(context, graph, this.scale * 4, [0, 0, graph.width, graph.height], look, false);
  }
}
