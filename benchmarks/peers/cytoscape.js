import cytoscape from 'cytoscape';
import { drawn, picture } from './shared.js';

const given = await picture();
if (given) {
  const { nodes, edges, width, height } = given;
  const cy = cytoscape({
    container: document.querySelector('#stage'),
    elements: {
      nodes: nodes.map(({ id, label, x, y }) => ({ data: { id, label }, position: { x: x + width / 2, y: y + height / 2 } })),
      edges: edges.map((data) => ({ data })),
    },
    layout: { name: 'preset' },
    minZoom: 1e-4,
    style: [
      { selector: 'node', style: { shape: 'round-rectangle', width, height, label: 'data(label)', 'text-valign': 'center', 'background-color': '#dbeafe' } },
      { selector: 'edge', style: { 'curve-style': 'straight', width: 1.4, 'line-color': '#94a3b8' } },
    ],
  });
  window.fit = () => cy.fit(undefined, 36);
  window.near = () => {
    cy.zoom(0.6);
    cy.center(cy.nodes()[Math.floor(nodes.length / 2)]);
  };
  window.pan = (x, y) => cy.panBy({ x, y });
  window.zoom = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: 608, y: 297 } });
  cy.one('render', drawn);
  window.fit();
}
