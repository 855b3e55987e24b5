// The picture's cards and wires, and what can be asked of them: who is near, who is connected, what was when.
import { Places } from './places.js';

const NOTHING = {
  hash: '', width: 0, height: 0, card_width: 168, card_height: 44, groups: {}, starts: [], lit: null, changes: null,
  cards: { key: [] }, wires: { source: [], points: [] }, contexts: {},
  total: null, reason: '', hidden_cached: 0, folded: false, offer: '', rolled: false, dropped: [],
};

export class Graph {
  constructor(picture = NOTHING) {
    this.picture = picture;
    this.width = picture.width;
    this.height = picture.height;
    this.halfWidth = picture.card_width / 2;
    this.halfHeight = picture.card_height / 2;
    const names = Object.keys(picture.cards);
    this.cards = picture.cards.key.map((key, number) => {
      const card = { number, group: picture.groups[number] ?? null, start: false };
      for (const name of names) card[name] = picture.cards[name][number];
      card.ref = key;
      return card;
    });
    for (const number of picture.starts) this.cards[number].start = true;
    this.numbers = new Map(picture.cards.key.map((key, number) => [key, number]));
    this.groupOf = new Map();
    for (const { number, group } of this.cards) group?.members.forEach((key) => this.groupOf.set(key, number));
    this.matches = picture.lit ? [...picture.lit].sort((one, other) => this.inReadingOrder(one, other)) : null;
    this.contexts = Object.entries(picture.contexts).map(([key, context]) => ({ key, ...context }));
    this.readWires(picture.wires);
    this.cardPlaces = new Places(this.boxes());
    this.times = moments(this.cards, picture.wires.time ?? []);
  }

  // Wires as segments, for the parts of a long wire that are seen are drawn alone.
  readWires({ source, target, points }) {
    this.source = source;
    this.target = target ?? [];
    this.before = this.cards.map(() => []);
    this.after = this.cards.map(() => []);
    const segments = points.reduce((sum, list) => sum + Math.max(0, list.length / 2 - 1), 0);
    this.segments = new Float32Array(segments * 4); // from x, y to x, y
    this.parts = new Float32Array(segments * 2); // how far along its wire a segment begins and ends
    this.wireOf = new Uint32Array(segments);
    const boxes = new Float32Array(segments * 4);
    let at = 0;
    points.forEach((list, wire) => {
      this.after[source[wire]].push(target[wire]);
      this.before[target[wire]].push(source[wire]);
      const count = list.length / 2 - 1;
      for (let part = 0; part < count; part += 1, at += 1) {
        const [x1, y1, x2, y2] = [list[part * 2], list[part * 2 + 1], list[part * 2 + 2], list[part * 2 + 3]];
        this.segments.set([x1, y1, x2, y2], at * 4);
        boxes.set([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)], at * 4);
        this.parts.set([part / count, (part + 1) / count], at * 2);
        this.wireOf[at] = wire;
      }
    });
    this.wirePlaces = new Places(boxes);
  }

  boxes() {
    const boxes = new Float32Array(this.cards.length * 4);
    for (const { number, x, y } of this.cards) {
      boxes.set([x - this.halfWidth, y - this.halfHeight, x + this.halfWidth, y + this.halfHeight], number * 4);
    }
    return boxes;
  }

  // The card with a key; else the group that holds it; -1 where there is none.
  numberOf(key) {
    return this.numbers.get(key) ?? this.groupOf.get(key) ?? -1;
  }

  // What is under a point: a card, or the badge that opens one of its sides.
  at(x, y, reach, withBadges) {
    const wide = withBadges ? reach + 30 : reach;
    let found = null;
    for (const number of this.cardPlaces.within(x - wide, y - reach, x + wide, y + reach)) {
      const card = this.cards[number];
      const [dx, dy] = [x - card.x, y - card.y];
      for (const side of ['upstream', 'downstream']) {
        const near = Math.hypot(dx - this.badgeX(side), dy) < Math.max(13, reach);
        if (withBadges && card[`hidden_${side}`] && near) return { number, side };
      }
      const past = Math.hypot(Math.max(0, Math.abs(dx) - this.halfWidth), Math.max(0, Math.abs(dy) - this.halfHeight));
      if (past <= reach && (!found || past < found.past)) found = { number, side: null, past };
    }
    return found;
  }

  badgeX(side) {
    return (side === 'upstream' ? -1 : 1) * (this.halfWidth + 15);
  }

  // Everything upstream and downstream of some cards, themselves included, as marks by number.
  connected(...starts) {
    const found = new Uint8Array(this.cards.length);
    for (const next of [this.before, this.after]) {
      const seen = new Uint8Array(this.cards.length);
      const waiting = [...starts];
      for (const number of starts) seen[number] = 1;
      while (waiting.length) {
        const number = waiting.pop();
        found[number] = 1;
        for (const other of next[number]) {
          if (!seen[other]) {
            seen[other] = 1;
            waiting.push(other);
          }
        }
      }
    }
    return found;
  }

  marked(numbers) {
    const found = new Uint8Array(this.cards.length);
    for (const number of numbers) found[number] = 1;
    return found;
  }

  // The card one step away in the direction of an arrow key; -1 where there is none.
  step(number, key) {
    const from = this.cards[number];
    const nearest = (others) => {
      let [best, least] = [-1, Infinity];
      for (const other of others) {
        const { x, y } = this.cards[other];
        const distance = Math.abs(y - from.y) + Math.abs(x - from.x);
        if (distance < least) [best, least] = [other, distance];
      }
      return best;
    };
    if (key === 'ArrowLeft') return nearest(this.before[number]);
    if (key === 'ArrowRight') return nearest(this.after[number]);
    const sign = key === 'ArrowUp' ? -1 : 1;
    const column = this.cardPlaces.within(from.x, sign < 0 ? -Infinity : from.y, from.x, sign < 0 ? from.y : Infinity);
    return nearest(column.filter((other) => (this.cards[other].y - from.y) * sign > 0 && this.cards[other].x === from.x));
  }

  nearestTo(x, y) {
    let [best, least] = [-1, Infinity];
    for (const card of this.cards) {
      const distance = Math.hypot(card.x - x, card.y - y);
      if (distance < least) [best, least] = [card.number, distance];
    }
    return best;
  }

  // Which cards and wires had not come to be at a moment, and which executions were still running.
  asOf(moment) {
    const [later, running] = [new Uint8Array(this.cards.length), new Uint8Array(this.cards.length)];
    for (const { number, time, end, kind } of this.cards) {
      later[number] = time !== null && time > moment;
      running[number] = kind === 'execution' && time !== null && time <= moment && end !== null && end > moment;
    }
    const when = this.picture.wires.time;
    const laterWires = Uint8Array.from(this.source, (source, wire) => (
      later[source] || later[this.target[wire]] || (when[wire] !== null && when[wire] > moment)));
    return { later, laterWires, running };
  }

  inReadingOrder(one, other) {
    const [a, b] = [this.cards[one], this.cards[other]];
    return a.x - b.x || a.y - b.y || one - other;
  }
}

// Every moment at which something changed, in order.
function moments(cards, events) {
  const found = new Set();
  for (const { time, end } of cards) found.add(time).add(end);
  for (const time of events) found.add(time);
  found.delete(null);
  found.delete(undefined);
  return Float64Array.from(found).sort();
}
