// Turns every picture of the page into a canvas that can be walked. Without this the SVG stays.
import { watchTwin } from './twin.js';
import { View } from './view.js';

window.views = [...document.querySelectorAll('.view')].map((element, number) => new View(element, number === 0));
watchTwin();

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector('#search').focus();
  }
});
