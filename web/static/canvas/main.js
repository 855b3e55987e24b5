// Turns every picture of the page into a canvas that can be walked. Without this the SVG stays.
import { View } from './view.js';

window.views = [...document.querySelectorAll('.view')].map((element) => new View(element));

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    document.querySelector('#search').focus();
  }
});
