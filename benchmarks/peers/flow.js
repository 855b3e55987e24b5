import { ReactFlow } from '@xyflow/react';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { drawn, picture } from './shared.js';

const given = await picture();
if (given) {
  const { width, height } = given;
  const nodes = given.nodes.map(({ id, label, x, y }) => ({
    id, data: { label }, position: { x, y }, width, height, sourcePosition: 'right', targetPosition: 'left',
  }));
  const edges = given.edges.map((edge) => ({ ...edge, type: 'straight' }));
  const stage = document.querySelector('#stage');
  const onInit = (flow) => {
    window.fit = () => flow.fitView();
    window.near = () => {
      const { x, y } = nodes[Math.floor(nodes.length / 2)].position;
      flow.setCenter(x, y, { zoom: 0.6 });
    };
    window.pan = (dx, dy) => {
      const { x, y, zoom } = flow.getViewport();
      flow.setViewport({ x: x + dx, y: y + dy, zoom });
    };
    window.zoom = (factor) => {
      const { x, y, zoom } = flow.getViewport();
      flow.setViewport({ x: 608 - (608 - x) * factor, y: 297 - (297 - y) * factor, zoom: zoom * factor });
    };
    const wait = () => {
      if (stage.querySelectorAll('.react-flow__node').length < nodes.length * 0.99 || !stage.querySelector('.react-flow__edge')) {
        requestAnimationFrame(wait);
      } else drawn();
    };
    wait();
  };
  createRoot(stage).render(createElement(ReactFlow, {
    nodes, edges, onInit, fitView: true, minZoom: 1e-4, onlyRenderVisibleElements: true, nodesDraggable: false,
  }));
}
