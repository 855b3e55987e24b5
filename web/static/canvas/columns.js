// Reads a picture's columns: each card as one object, wires and moments as numbers side by side.
// What a column leaves out, because it follows from the rest, is put together here.

export const DASHED = 1; // patterns of wires; 0 is plain
export const DOTTED = 2;

class Card {
  constructor(number, key, heading, state, group) {
    this.number = number;
    this.key = key;
    this.heading = heading;
    this.state = state;
    this.group = group;
    const parts = key.split('/'); // artifact/17, context/5, stack/artifact/17
    this.kind = kinds[parts[0]] ?? parts[0];
    this.of = kinds[parts.at(-2)] ?? parts.at(-2);
    this.start = false;
    this.x = this.y = this.hidden_upstream = this.hidden_downstream = this.upstream = this.downstream = 0;
    this.time = this.end = null;
    this.words = '';
    this.called = 0;
  }

  get id() {
    return this.key.slice(this.key.lastIndexOf('/') + 1);
  }

  get text() {
    if (Array.isArray(this.words)) return this.words[0];
    return this.words ? `#${this.id}  ${this.words}` : `#${this.id}`;
  }

  get title() {
    return this.called || `${this.heading} ${this.id}`;
  }
}

const kinds = { artifact: 'artifact', execution: 'execution', context: 'context', stack: 'stack' }; // each word once in memory

export function readCards({ cards: columns, groups, starts }) {
  let when = 0;
  const cards = columns.key.map((key, number) => {
    const card = new Card(number, key, value(columns.heading, number), value(columns.state, number), groups[number] ?? null);
    card.words = columns.text[number];
    card.called = columns.title[number];
    card.x = columns.x[number];
    card.y = columns.y[number];
    if (columns.time[number] !== null) card.time = when += columns.time[number];
    if (columns.end[number] !== null) card.end = (card.time ?? 0) + columns.end[number];
    return card;
  });
  for (const number of starts) cards[number].start = true;
  for (const side of ['hidden_upstream', 'hidden_downstream']) {
    for (const [number, count] of Object.entries(columns[side])) cards[number][side] = count;
  }
  return cards;
}

const value = ({ values, at }, number) => values[at[number]];

// From where to where each wire goes, its pattern, and when it was first (NaN: unknown).
export function readWires({ wires }, cards) {
  const patterns = wires.type.values.map(patternOf);
  return {
    source: Uint32Array.from(wires.source),
    target: Uint32Array.from(wires.target),
    pattern: Uint8Array.from(wires.type.at, (at) => patterns[at]),
    wireTimes: Float64Array.from(wires.time, (time, wire) => (time === null ? NaN : time + (cards[wires.target[wire]].time ?? 0))),
  };
}

function patternOf(type) {
  if (type === 'SAME_AS') return DOTTED;
  return /^(DECLARED|PENDING)/.test(type) ? DASHED : 0;
}

// Wires as segments, for the parts of a long wire that are seen are drawn alone.
export function readSegments({ wires: { bends } }, { source, target, cards, halfWidth }) {
  const count = bends.reduce((sum, list) => sum + 1 + (list ? list.length / 2 : 0), 0);
  const found = {
    segments: new Float32Array(count * 4), // from x, y to x, y
    parts: new Float32Array(count * 2), // how far along its wire a segment begins and ends
    wireOf: new Uint32Array(count),
    boxes: new Float32Array(count * 4),
  };
  let at = 0;
  bends.forEach((list, wire) => {
    const [from, to] = [cards[source[wire]], cards[target[wire]]];
    const points = [from.x + halfWidth, from.y, ...(list || []), to.x - halfWidth, to.y];
    const pieces = points.length / 2 - 1;
    for (let part = 0; part < pieces; part += 1, at += 1) {
      const [x1, y1, x2, y2] = [points[part * 2], points[part * 2 + 1], points[part * 2 + 2], points[part * 2 + 3]];
      found.segments.set([x1, y1, x2, y2], at * 4);
      found.boxes.set([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)], at * 4);
      found.parts.set([part / pieces, (part + 1) / pieces], at * 2);
      found.wireOf[at] = wire;
    }
  });
  return found;
}

// The contexts that could be folded, with the numbers of their cards.
export function readContexts({ contexts }) {
  return Object.entries(contexts).map(([key, { heading, type, members: ranges }]) => {
    const members = [];
    for (let at = 0; at < ranges.length; at += 2) {
      for (let number = ranges[at]; number < ranges[at] + ranges[at + 1]; number += 1) members.push(number);
    }
    return { key, heading, type, members };
  });
}
