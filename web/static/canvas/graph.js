// The picture's cards and wires, and what can be asked of them: who is near, who is connected, what was when.
import { readCards, readContexts, readSegments, readWires } from './columns.js';
import { RTree } from './rtree.js';

const NOTHING = {
  hash: '', width: 0, height: 0, card_width: 168, card_height: 44, groups: {}, starts: [], lit: null, changes: null,
  cards: { key: [], hidden_upstream: {}, hidden_downstream: {} }, contexts: {},
  wires: { source: [], target: [], type: { values: [], at: [] }, time: [], bends: [] },
  total: null, reason: '', hidden_cached: 0, folded: false, offer: '', rolled: false, dropped: [],
};

export class Graph {
  constructor(picture = NOTHING) {
    const { cards: _cards, wires: _wires, contexts: _contexts, ...rest } = picture; // read below, and let go
    this.picture = rest;
    this.width = picture.width;
    this.height = picture.height;
    this.halfWidth = picture.card_width / 2;
    this.halfHeight = picture.card_height / 2;
    this.cards = readCards(picture);
    this.numbers = new Map(this.cards.map(({ key, number }) => [key, number]));
    this.groupOf = new Map();
    for (const { number, group } of this.cards) group?.members.forEach((key) => this.groupOf.set(key, number));
    this.matches = picture.lit ? [...picture.lit].sort((one, other) => this.inReadingOrder(one, other)) : null;
    this.contexts = readContexts(picture);
    Object.assign(this, readWires(picture, this.cards));
    this.join();
    const { boxes, ...segments } = readSegments(picture, this);
    Object.assign(this, segments);
    this.wirePlaces = new RTree(boxes);
    this.cardPlaces = new RTree(this.boxes());
    this.times = moments(this.cards, this.wireTimes);
  }

  // What is directly before and after each card, drawn or not.
  join() {
    this.before = this.cards.map(() => []);
    this.after = this.cards.map(() => []);
    this.source.forEach((source, wire) => {
      this.after[source].push(this.target[wire]);
      this.before[this.target[wire]].push(source);
    });
    for (const card of this.cards) {
      card.upstream = new Set(this.before[card.number]).size + card.hidden_upstream;
      card.downstream = new Set(this.after[card.number]).size + card.hidden_downstream;
    }
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
    const laterWires = Uint8Array.from(this.source, (source, wire) => (
      later[source] || later[this.target[wire]] || this.wireTimes[wire] > moment));
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
  found.delete(NaN);
  return Float64Array.from(found).sort();
}
