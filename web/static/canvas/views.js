// Turns every picture of the page into a canvas that can be walked. Without this the SVG stays.
import { View } from './view.js';

window.views = [...document.querySelectorAll('.view')].map((element, number) => new View(element, number === 0));
