// What the picture looks like: the colours of the page, and the mark of each state.

export const CARDS = 0.5; // from this scale on, cards with all their text
export const WORDS = 0.22; // from here on, boxes with their type
export const BADGES = CARDS; // from here on, what is hidden can be opened
export const DOTS = 0.045; // from here on, boxes or dots; farther off, cards near each other are one block

export const MARKS = {
  COMPLETE: 'good',
  FAILED: 'bad',
  CANCELED: 'bad',
  ABANDONED: 'bad',
  CACHED: 'cached',
  DELETED: 'cached',
  MARKED_FOR_DELETION: 'cached',
  RUNNING: 'busy',
  NEW: 'busy',
  PENDING: 'busy',
};

export const CHANGES = { same: '=', changed: '≠', added: '+', missing: '−' };

const NAMES = [
  'paper', 'ink', 'soft', 'line', 'focus', 'artifact', 'artifact-edge', 'execution', 'execution-edge',
  'good', 'bad', 'cached', 'busy', 'same', 'changed', 'added', 'missing',
];

export function readColours(element) {
  const style = getComputedStyle(element);
  const colours = { font: style.fontFamily };
  for (const name of NAMES) colours[name] = style.getPropertyValue(`--${name}`).trim();
  return colours;
}

// The share of a group's members that are in each mark: [['good', 0.8], ['bad', 0.2]].
export function sharesOf(states) {
  const shares = { bad: 0, busy: 0, cached: 0, good: 0 };
  let total = 0;
  for (const [state, count] of Object.entries(states)) {
    total += count;
    if (MARKS[state]) shares[MARKS[state]] += count;
  }
  return Object.entries(shares).filter(([, count]) => count).map(([mark, count]) => [mark, count / total]);
}
