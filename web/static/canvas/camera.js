// Where one stands before the picture: a scale, and the point of the picture at the canvas's corner.

const NEAREST = 2.5;
const FARTHEST = 0.01;
const MARGIN = 36;

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.scale = 1;
  }

  // From the canvas to the picture, in CSS pixels.
  toPicture(x, y) {
    return [this.x + x / this.scale, this.y + y / this.scale];
  }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  // Zoom, keeping what is under (x, y) where it is.
  zoom(factor, x, y) {
    const [px, py] = this.toPicture(x, y);
    this.scale = Math.min(NEAREST, Math.max(FARTHEST, this.scale * factor));
    this.x = px - x / this.scale;
    this.y = py - y / this.scale;
  }

  fit(graph, width, height) {
    const room = Math.min((width - 2 * MARGIN) / graph.width, (height - 2 * MARGIN) / graph.height);
    this.scale = Math.min(1.15, Math.max(FARTHEST, room));
    this.x = graph.width / 2 - width / 2 / this.scale;
    this.y = graph.height / 2 - height / 2 / this.scale;
  }

  centre(card, width, height) {
    this.x = card.x - width / 2 / this.scale;
    this.y = card.y - height / 2 / this.scale;
  }

  // Move as little as possible so that a card is to be seen.
  reveal(card, graph, width, height) {
    const [left, top] = [card.x - graph.halfWidth - 20, card.y - graph.halfHeight - 20];
    const [right, bottom] = [card.x + graph.halfWidth + 20, card.y + graph.halfHeight + 20];
    this.x = Math.min(left, Math.max(this.x, right - width / this.scale));
    this.y = Math.min(top, Math.max(this.y, bottom - height / this.scale));
  }
}
