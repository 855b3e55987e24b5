// Draws each frame. A small part of the picture is drawn directly. A large one is drawn over several frames on
// a larger bitmap beside the canvas, and the last bitmap is moved until the next is ready.
import { DOTS, WORDS } from './look.js';
import { paintOverlay } from './overlay.js';
import { painting, visible } from './paint.js';
import { paintBlocks } from './rollup.js';

const LIGHT = 2600; // work that fits in a frame
const [SLOWEST, FASTEST] = [600, 4000]; // work that is done each frame on such a bitmap
const BESIDE = 0.25; // how much more than the canvas a bitmap holds on each side
const STALE = 1.7; // a bitmap of a scale further off than this is not worth finishing

export class Renderer {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.kept = null;
    this.coming = null;
    this.pace = LIGHT;
  }

  // Draw a frame; return whether another is needed.
  draw(graph, camera, look, width, height, now) {
    const ratio = window.devicePixelRatio || 1;
    const box = [...camera.toPicture(0, 0), ...camera.toPicture(width, height)];
    const ready = !look.shift && holds(this.kept, graph, camera, look, box, 1.001);
    const found = ready ? null : visible(graph, camera.scale, box);
    this.clear(look, ratio, width, height);
    let more = false;
    if (ready) {
      this.coming = null;
      this.show(graph, camera, look, box, ratio);
    } else if (found.work <= LIGHT || look.shift) {
      this.kept = this.coming = null;
      stand(this.context, camera, ratio);
      for (const _ of painting(this.context, graph, camera.scale, box, look, found));
    } else {
      this.advance(graph, camera, look, { width, height, box, ratio, now });
      more = this.show(graph, camera, look, box, ratio);
    }
    stand(this.context, camera, ratio);
    paintOverlay(this.context, graph, camera.scale, look, box, width);
    return more;
  }

  clear(look, ratio, width, height) {
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.globalAlpha = 1;
    this.context.fillStyle = look.colours.paper;
    this.context.fillRect(0, 0, width, height);
  }

  // Draw on at the bitmap that is coming, no more than keeps the frames even.
  advance(graph, camera, look, frame) {
    const { now } = frame;
    if (this.last && now - this.last < 150) {
      const took = now - this.last;
      if (took > 21) this.pace = Math.max(SLOWEST, this.pace * 0.5);
      else if (took < 18) this.pace = Math.min(FASTEST, this.pace * 1.05);
    }
    this.last = now;
    const place = [camera.x, camera.y, camera.scale].join();
    const resting = place === this.place;
    this.place = place;
    const wanted = !holds(this.kept, graph, camera, look, frame.box, 1.001);
    if (this.coming && (!wanted || !holds(this.coming, graph, camera, look, null, STALE))) this.coming = null;
    if (!wanted) return;
    this.coming ??= this.begin(graph, camera, look, frame);
    let left = this.pace;
    if (this.kept?.graph !== graph) left = Infinity; // nothing could be shown meanwhile
    else if (resting) left *= 4; // nothing moves that could falter
    while (left > 0) {
      const { value, done } = this.coming.pieces.next();
      if (done) {
        [this.kept, this.coming] = [this.coming, null];
        return;
      }
      left -= value;
    }
    this.coming.context.getImageData(0, 0, 1, 1); // draws what was recorded now, not all of it at the end
  }

  begin(graph, camera, look, { width, height, box, ratio }) {
    const [dx, dy] = [(box[2] - box[0]) * BESIDE, (box[3] - box[1]) * BESIDE];
    const around = [box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy];
    const bitmap = document.createElement('canvas');
    bitmap.width = Math.ceil(width * (1 + 2 * BESIDE) * ratio);
    bitmap.height = Math.ceil(height * (1 + 2 * BESIDE) * ratio);
    const context = bitmap.getContext('2d', { alpha: false, willReadFrequently: true });
    context.fillStyle = look.colours.paper;
    context.fillRect(0, 0, bitmap.width, bitmap.height);
    stand(context, { x: around[0], y: around[1], scale: camera.scale }, ratio);
    const pieces = painting(context, graph, camera.scale, around, look);
    return { bitmap, context, pieces, graph, look: look.key, scale: camera.scale, box: around };
  }

  // Show the bitmap there is where it belongs now; what it does not reach is shown as from afar.
  show(graph, camera, look, box, ratio) {
    const { kept } = this;
    if (!holds(kept, graph, camera, null, box, 8)) {
      stand(this.context, camera, ratio);
      paintBlocks(this.context, graph, camera.scale / 3, box, look, { words: false, lines: false });
    }
    if (kept && kept.graph === graph) {
      this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const [x, y] = camera.toCanvas(kept.box[0], kept.box[1]);
      const grown = camera.scale / kept.scale / ratio;
      this.context.drawImage(kept.bitmap, x, y, kept.bitmap.width * grown, kept.bitmap.height * grown);
    }
    return !holds(kept, graph, camera, look, box, 1.001);
  }
}

// Whether a bitmap shows this picture as it looks now, at about this scale, and all of a box.
function holds(bitmap, graph, camera, look, box, factor) {
  if (!bitmap || bitmap.graph !== graph || (look && bitmap.look !== look.key)) return false;
  const ratio = camera.scale / bitmap.scale;
  if (ratio > factor || ratio < 1 / factor || sameLevel(camera.scale) !== sameLevel(bitmap.scale)) return false;
  if (!box) return true;
  return bitmap.box[0] <= box[0] && bitmap.box[1] <= box[1] && bitmap.box[2] >= box[2] && bitmap.box[3] >= box[3];
}

function sameLevel(scale) {
  return scale < DOTS ? 0 : scale < WORDS ? 1 : 2;
}

function stand(context, camera, ratio) {
  const scale = ratio * camera.scale;
  context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
}
