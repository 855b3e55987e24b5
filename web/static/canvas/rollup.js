// The picture from afar: cards of one sort that stand near each other are one block, with how many it holds.
import { MARKS } from './look.js';

const ROOM = 16; // pixels of the canvas a block stands for at least
const NARROWEST = 4; // pixels a column has before it is drawn with the next
const COLUMNS = 56; // of the picture, between columns
const THINNEST = 2.5; // pixels
const LABELS = 60;

export class Rollup {
  constructor(graph, size, wide, later) {
    this.blocks = [];
    const blockOf = new Int32Array(graph.cards.length).fill(-1);
    const found = new Map();
    for (const card of graph.cards) {
      if (later?.[card.number]) continue;
      const key = `${Math.floor(card.x / wide)} ${Math.floor(card.y / size)} ${card.of}`;
      if (!found.has(key)) {
        found.set(key, this.blocks.length);
        this.blocks.push({ kind: card.of, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity, cards: [], bad: 0, count: 0, headings: {} });
      }
      blockOf[card.number] = found.get(key);
      add(this.blocks[blockOf[card.number]], card, graph);
    }
    for (const block of this.blocks) {
      [block.heading] = Object.entries(block.headings).reduce((best, entry) => (entry[1] > best[1] ? entry : best));
    }
    this.wires = bundles(graph, blockOf);
  }
}

function add(block, card, graph) {
  const count = card.kind === 'stack' ? card.group.count : 1;
  block.left = Math.min(block.left, card.x - graph.halfWidth);
  block.right = Math.max(block.right, card.x + graph.halfWidth);
  block.top = Math.min(block.top, card.y - graph.halfHeight);
  block.bottom = Math.max(block.bottom, card.y + graph.halfHeight);
  block.cards.push(card.number);
  block.count += count;
  block.bad += MARKS[card.state] === 'bad' ? count : 0;
  const heading = card.kind === 'context' ? card.group.type : card.heading;
  block.headings[heading] = (block.headings[heading] ?? 0) + count;
}

// All wires between two blocks as one, with how many they are.
function bundles(graph, blockOf) {
  const found = new Map();
  for (let wire = 0; wire < graph.source.length; wire += 1) {
    const [from, to] = [blockOf[graph.source[wire]], blockOf[graph.target[wire]]];
    if (from < 0 || to < 0 || from === to) continue;
    const key = from * 1e6 + to;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return [...found].map(([key, count]) => ({ from: Math.floor(key / 1e6), to: key % 1e6, count }));
}

// Sizes go up in doublings, so that zooming a little changes nothing.
export function rollupOf(graph, scale, look) {
  const size = 2 ** Math.ceil(Math.log2(ROOM / scale));
  const column = graph.halfWidth * 2 + COLUMNS;
  const wide = column * 2 ** Math.max(0, Math.ceil(Math.log2(NARROWEST / (scale * column))));
  if (graph.rolled?.size !== size || graph.rolled.moment !== look.moment) {
    graph.rolled = { size, moment: look.moment, rollup: new Rollup(graph, size, wide, look.later) };
  }
  return graph.rolled.rollup;
}

export function paintBlocks(context, graph, scale, [left, top, right, bottom], look, { words = true, lines = true } = {}) {
  const { blocks, wires } = rollupOf(graph, scale, look);
  const { colours } = look;
  const lit = look.lit ?? look.matched;
  const middles = blocks.map((block) => [(block.left + block.right) / 2, (block.top + block.bottom) / 2]);
  for (const [most, alpha] of lines ? [[1, 0.3], [8, 0.6], [Infinity, 0.95]] : []) {
    context.beginPath();
    for (const { from, to, count } of wires) {
      if (count > most || (most === 8 && count === 1) || (most === Infinity && count <= 8)) continue;
      const [[x1, y1], [x2, y2]] = [middles[from], middles[to]];
      if (Math.max(x1, x2) < left || Math.min(x1, x2) > right || Math.max(y1, y2) < top || Math.min(y1, y2) > bottom) continue;
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.globalAlpha = lit ? alpha / 2 : alpha;
    context.strokeStyle = colours.line;
    context.lineWidth = 1 / scale;
    context.stroke();
  }
  const seen = blocks.filter((block) => block.right >= left && block.left <= right && block.bottom >= top && block.top <= bottom);
  for (const block of seen) paintBlock(context, graph, block, scale, look, lit);
  context.globalAlpha = 1;
  if (words) paintLabels(context, seen, scale, colours);
}

// How full of colour a block is says how full of cards it is; red is the share that failed.
function paintBlock(context, graph, block, scale, look, lit) {
  const [wide, high] = [Math.max(block.right - block.left, THINNEST / scale), Math.max(block.bottom - block.top, THINNEST / scale)];
  const area = block.cards.length * graph.halfWidth * graph.halfHeight * 4;
  context.globalAlpha = lit && !block.cards.some((number) => lit[number]) ? 0.15 : 0.45 + 0.55 * Math.min(1, area / (wide * high));
  context.fillStyle = look.colours[`${block.kind === 'artifact' ? 'artifact' : 'execution'}-edge`];
  context.fillRect(block.left, block.top, wide, high);
  if (block.bad) {
    context.fillStyle = look.colours.bad;
    context.fillRect(block.left, block.top, wide, Math.max(THINNEST / scale, (high * block.bad) / block.count));
  }
}

// The largest blocks are named first; a name that has no room is left out.
function paintLabels(context, blocks, scale, colours) {
  const taken = [];
  const size = 11 / scale;
  context.font = `600 ${size}px ${colours.font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.lineJoin = 'round';
  for (const block of [...blocks].sort((one, other) => other.count - one.count).slice(0, 4 * LABELS)) {
    if (taken.length >= LABELS) break;
    const more = Object.keys(block.headings).length - 1;
    const text = `${block.count.toLocaleString('en')} ${block.heading}${more ? ` +${more}` : ''}`;
    const half = (text.length * size * 0.6) / 2;
    const y = (block.top + block.bottom) / 2;
    const narrow = block.right - block.left < 1.2 * half; // then its name stands beside it
    const x = narrow ? block.right + half + size / 2 : (block.left + block.right) / 2;
    const box = [x - half, y - size, x + half, y + size];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    context.strokeStyle = colours.paper;
    context.lineWidth = 4 / scale;
    context.strokeText(text, x, y);
    context.fillStyle = colours.ink;
    context.fillText(text, x, y);
  }
  context.textAlign = 'start';
}
