// What the colours and shapes mean: of all that the legend can say, what occurs in this picture.
import { DASHED, DOTTED } from './columns.js';
import { MARKS } from './look.js';

export function showLegend(element, graph, later) {
  if (!element) return;
  const there = new Set();
  for (const card of graph.cards) {
    there.add(card.of === 'execution' ? 'execution' : 'artifact');
    there.add(card.kind);
    const states = card.group ? Object.keys(card.group.states) : [card.state];
    for (const state of states) if (MARKS[state]) there.add(MARKS[state]);
    if (card.start) there.add('start');
    if (card.hidden_upstream || card.hidden_downstream) there.add('more');
  }
  for (const change of graph.picture.changes ?? []) there.add(`change-${change}`);
  if (later?.includes(1)) there.add('later');
  if (graph.source.length) there.add('flow');
  if (graph.pattern.includes(DASHED)) there.add('declared');
  if (graph.pattern.includes(DOTTED)) there.add('alike');
  for (const item of element.querySelectorAll('[data-means]')) item.hidden = !there.has(item.dataset.means);
}
