// The picture's cards and wires, and what can be asked of them: who is near, who is connected.

const CELL = 400;

export class Graph {
  constructor(picture) {
    this.cards = picture.cards.key.map((_, number) => row(picture.cards, number));
    for (const card of this.cards) card.ref = card.key;
    for (const number of picture.starts) this.cards[number].start = true;
    this.wires = picture.wires.source.map((_, number) => row(picture.wires, number));
    for (const wire of this.wires) wire.points = pairs(wire.points);
    this.width = picture.width;
    this.height = picture.height;
    this.halfWidth = picture.card_width / 2;
    this.halfHeight = picture.card_height / 2;
    this.before = this.cards.map(() => []);
    this.after = this.cards.map(() => []);
    this.wires.forEach((wire) => {
      this.after[wire.source].push(wire.target);
      this.before[wire.target].push(wire.source);
      const xs = wire.points.map((point) => point[0]);
      const ys = wire.points.map((point) => point[1]);
      wire.box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    });
    this.cells = new Map();
    this.cards.forEach((card, number) => {
      const key = cellOf(card.x, card.y);
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(number);
    });
  }

  numberOf(ref) {
    return this.cards.findIndex((card) => card.ref === ref);
  }

  // The cards whose centre lies within a box that is a card wider on every side.
  within(left, top, right, bottom) {
    const found = [];
    const [x1, y1] = [Math.floor((left - this.halfWidth) / CELL), Math.floor((top - this.halfHeight) / CELL)];
    const [x2, y2] = [Math.floor((right + this.halfWidth) / CELL), Math.floor((bottom + this.halfHeight) / CELL)];
    if ((x2 - x1 + 1) * (y2 - y1 + 1) > this.cells.size) {
      return this.cards.map((_, number) => number);
    }
    for (let x = x1; x <= x2; x += 1) {
      for (let y = y1; y <= y2; y += 1) found.push(...(this.cells.get(`${x},${y}`) ?? []));
    }
    return found;
  }

  // What is under a point: a card, or the badge that opens one of its sides.
  at(x, y, reach, withBadges) {
    for (const number of this.within(x - reach, y - reach, x + reach, y + reach).reverse()) {
      const card = this.cards[number];
      const [dx, dy] = [x - card.x, y - card.y];
      for (const side of ['upstream', 'downstream']) {
        if (withBadges && card[`hidden_${side}`] && Math.hypot(dx - this.badgeX(side), dy) < Math.max(13, reach)) {
          return { number, side };
        }
      }
      if (Math.abs(dx) <= this.halfWidth && Math.abs(dy) <= this.halfHeight) return { number, side: null };
    }
    return null;
  }

  badgeX(side) {
    return (side === 'upstream' ? -1 : 1) * (this.halfWidth + 15);
  }

  // Everything upstream and downstream of a card, itself included.
  connected(number) {
    const found = new Set([number]);
    for (const next of [this.before, this.after]) {
      const waiting = [number];
      const seen = new Set(waiting);
      while (waiting.length) {
        for (const other of next[waiting.pop()]) {
          if (!seen.has(other)) {
            seen.add(other);
            found.add(other);
            waiting.push(other);
          }
        }
      }
    }
    return found;
  }

  // The card one step away in the direction of an arrow key; -1 where there is none.
  step(number, key) {
    const from = this.cards[number];
    const nearest = (others) =>
      others.reduce((best, other) => {
        const distance = Math.abs(this.cards[other].y - from.y) + Math.abs(this.cards[other].x - from.x);
        return best.distance <= distance ? best : { other, distance };
      }, { other: -1, distance: Infinity }).other;
    if (key === 'ArrowLeft') return nearest(this.before[number]);
    if (key === 'ArrowRight') return nearest(this.after[number]);
    const sign = key === 'ArrowUp' ? -1 : 1;
    const column = this.cards
      .map((_, other) => other)
      .filter((other) => this.cards[other].x === from.x && (this.cards[other].y - from.y) * sign > 0);
    return nearest(column);
  }
}

// The picture comes in columns; what is drawn are rows.
function row(columns, number) {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[number]]));
}

function pairs(numbers) {
  const points = [];
  for (let at = 0; at < numbers.length; at += 2) points.push([numbers[at], numbers[at + 1]]);
  return points;
}

function cellOf(x, y) {
  return `${Math.floor(x / CELL)},${Math.floor(y / CELL)}`;
}
