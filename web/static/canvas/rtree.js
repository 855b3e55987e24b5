// A packed R-tree: finds the boxes in a rectangle. Its leaves are sorted into strips from left to right, and in
// each strip from top to bottom.

const FULL = 16; // boxes a branch holds
const SHARP = 65535; // how finely a place is told from another when sorting
const ROOM = 2 ** 22; // more boxes than there can be

export class RTree {
  // Left, top, right and bottom of every box, one after another.
  constructor(boxes) {
    const count = boxes.length / 4;
    const strip = Math.ceil(Math.sqrt(Math.ceil(count / FULL))) * FULL;
    const across = sortedBy(boxes, 0, Uint32Array.from({ length: count }, (_, number) => number));
    this.order = new Uint32Array(count);
    for (let from = 0; from < count; from += strip) {
      this.order.set(sortedBy(boxes, 1, across.subarray(from, from + strip)), from);
    }
    const leaves = new Float32Array(boxes.length);
    this.order.forEach((number, at) => leaves.set(boxes.subarray(number * 4, number * 4 + 4), at * 4));
    this.levels = [leaves];
    while (this.levels.at(-1).length > 4) this.levels.push(branches(this.levels.at(-1)));
  }

  // The numbers of the boxes that touch a rectangle.
  within(left, top, right, bottom) {
    const found = [];
    const walk = (level, from, to) => {
      const boxes = this.levels[level];
      for (let at = from; at < to; at += 1) {
        const box = at * 4;
        if (boxes[box] > right || boxes[box + 2] < left || boxes[box + 1] > bottom || boxes[box + 3] < top) continue;
        if (level === 0) found.push(this.order[at]);
        else walk(level - 1, at * FULL, Math.min((at + 1) * FULL, this.levels[level - 1].length / 4));
      }
    };
    const highest = this.levels.length - 1;
    walk(highest, 0, this.levels[highest].length / 4);
    return found;
  }
}

// Numbers of boxes in the order of their middles; sorted as plain numbers, which is quickest.
function sortedBy(boxes, side, numbers) {
  let [least, most] = [Infinity, -Infinity];
  const middle = (number) => boxes[number * 4 + side] + boxes[number * 4 + side + 2];
  for (const number of numbers) {
    least = Math.min(least, middle(number));
    most = Math.max(most, middle(number));
  }
  const sharp = SHARP / (most - least || 1);
  const keys = Float64Array.from(numbers, (number) => Math.floor((middle(number) - least) * sharp) * ROOM + number);
  return Uint32Array.from(keys.sort(), (key) => key % ROOM);
}

function branches(boxes) {
  const count = Math.ceil(boxes.length / 4 / FULL);
  const found = new Float32Array(count * 4);
  for (let at = 0; at < count; at += 1) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let from = at * FULL * 4; from < Math.min((at + 1) * FULL * 4, boxes.length); from += 4) {
      box[0] = Math.min(box[0], boxes[from]);
      box[1] = Math.min(box[1], boxes[from + 1]);
      box[2] = Math.max(box[2], boxes[from + 2]);
      box[3] = Math.max(box[3], boxes[from + 3]);
    }
    found.set(box, at * 4);
  }
  return found;
}
