// A picture alone: in a file of its own, or framed by another page.
import { View } from './view.js';

window.views = [...document.querySelectorAll('.view')].map((element, number) => new View(element, number === 0));
