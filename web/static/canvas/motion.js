// How a picture turns into the next: what is in both moves from where it was, what is new fades in.
import { still } from './dom.js';

const LENGTH = 240; // ms

const even = (share) => (share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2);

// Runs a step with a share from 0 to 1; at once where motion is not wanted.
export class Motion {
  constructor(step, length = still() ? 0 : LENGTH) {
    this.step = step;
    this.length = length;
  }

  // Take the step for a moment; return whether there are more.
  at(now) {
    this.start ??= now;
    const share = this.length ? Math.min(1, (now - this.start) / this.length) : 1;
    this.step(even(share), share === 1);
    return share < 1;
  }
}

// Where each card of a picture was in the one before, seen from one that stays in place.
export class Shift {
  constructor(from, to, [dx, dy]) {
    this.share = 0;
    this.fades = true;
    this.fresh = new Uint8Array(to.cards.length);
    this.offsets = to.cards.map((card) => {
      const was = whereWas(card, from);
      if (!was) this.fresh[card.number] = 1;
      return was ? [was.x - card.x + dx, was.y - card.y + dy] : [0, 0];
    });
  }

  of(number) {
    const [dx, dy] = this.offsets[number];
    return [dx * (1 - this.share), dy * (1 - this.share)];
  }
}

function whereWas(card, from) {
  const number = from.numberOf(card.key);
  if (number >= 0) return from.cards[number];
  const members = (card.group?.members ?? []).map((key) => from.cards[from.numberOf(key)]).filter(Boolean);
  if (!members.length) return null;
  const middle = (name) => members.reduce((sum, member) => sum + member[name], 0) / members.length;
  return { x: middle('x'), y: middle('y') };
}

// The card of a picture that stands for one of another picture: itself, the group it is in, or a member of it.
export function counterpart(card, graph) {
  if (!card) return -1;
  const number = graph.numberOf(card.key);
  if (number >= 0) return number;
  return (card.group?.members ?? []).map((key) => graph.numberOf(key)).find((found) => found >= 0) ?? -1;
}
