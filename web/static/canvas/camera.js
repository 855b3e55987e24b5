// The camera: a scale, and the point of the picture at the corner of the canvas.

const NEAREST = 2.5;
const FARTHEST = 0.02; // unless the whole picture needs less
const MARGIN = 36;
const COMFORT = 1.15; // a small picture is not blown up further than this

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.least = FARTHEST;
  }

  // From the canvas to the picture, in CSS pixels.
  toPicture(x, y) {
    return [this.x + x / this.scale, this.y + y / this.scale];
  }

  toCanvas(x, y) {
    return [(x - this.x) * this.scale, (y - this.y) * this.scale];
  }

  copy() {
    return Object.assign(new Camera(), this);
  }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  // Zoom, keeping what is under (x, y) where it is.
  zoom(factor, x, y) {
    const [px, py] = this.toPicture(x, y);
    this.scale = Math.min(NEAREST, Math.max(this.least, this.scale * factor));
    this.x = px - x / this.scale;
    this.y = py - y / this.scale;
  }

  // Show all of the picture, or of a part of it.
  fit({ left = 0, top = 0, width: wide, height: high }, width, height) {
    const room = Math.min((width - 2 * MARGIN) / Math.max(1, wide), (height - 2 * MARGIN) / Math.max(1, high));
    this.scale = Math.min(COMFORT, Math.max(1e-4, room));
    this.centre({ x: left + wide / 2, y: top + high / 2 }, width, height);
  }

  // One may go away until the whole picture is half the canvas.
  limit(graph, width, height) {
    this.least = Math.min(FARTHEST, Math.max(1e-4, Math.min(width / graph.width, height / graph.height) / 2));
  }

  centre({ x, y }, width, height) {
    this.x = x - width / 2 / this.scale;
    this.y = y - height / 2 / this.scale;
  }

  // Look at as much of the picture as there is room for: no emptiness beside a part that could be seen.
  within({ width: wide, height: high }, width, height) {
    const inside = (value, size, whole) => {
      const margin = MARGIN / this.scale;
      const most = whole + margin - size;
      return most < -margin ? (whole - size) / 2 : Math.min(most, Math.max(-margin, value));
    };
    this.x = inside(this.x, width / this.scale, wide);
    this.y = inside(this.y, height / this.scale, high);
  }

  // No card is cut at the left or at the top: all of it is to be seen.
  begin({ cards, halfWidth, halfHeight }) {
    const gap = 8 / this.scale;
    const cut = (edge, places, half) => {
      const over = places.filter((place) => place - half - gap < edge && edge < place + half);
      return over.length ? Math.min(...over) - half - gap : edge;
    };
    this.x = cut(this.x, cards.map((card) => card.x), halfWidth);
    this.y = cut(this.y, cards.map((card) => card.y), halfHeight);
  }

  // Move as little as possible so that a card is to be seen.
  reveal(card, graph, width, height) {
    const room = 20 / Math.min(1, this.scale);
    const [left, top] = [card.x - graph.halfWidth - room, card.y - graph.halfHeight - room];
    const [right, bottom] = [card.x + graph.halfWidth + room, card.y + graph.halfHeight + room];
    this.x = Math.min(left, Math.max(this.x, right - width / this.scale));
    this.y = Math.min(top, Math.max(this.y, bottom - height / this.scale));
  }

  // Part of the way from one place to another; scales by ratio, so that a zoom is even.
  between(from, to, share) {
    const middle = (camera, size) => camera + size / 2;
    const { width, height } = to;
    this.scale = from.scale * (to.scale / from.scale) ** share;
    const x = middle(from.x, width / from.scale) * (1 - share) + middle(to.x, width / to.scale) * share;
    const y = middle(from.y, height / from.scale) * (1 - share) + middle(to.y, height / to.scale) * share;
    this.centre({ x, y }, width, height);
  }
}
