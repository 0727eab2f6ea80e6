export { default } from 'vitepress/theme-without-fonts';

import './colors.css';
import './room.css';
