import { renderPicture } from '../drawing/picture.ts';
import type { PresentedExchange } from '../presented-exchange.ts';

/** The page's colours, as far as the picture has them. */
const colours = `:root {
  color-scheme: light dark;
  --font: system-ui, sans-serif;
  --surface: light-dark(#fff, #1b2127);
  --ink: light-dark(#17212a, #edf0f2);
  --ink-quiet: light-dark(#46525d, #b5bec6);
  --line: light-dark(#dfe0dc, #323a42);
  --accent: light-dark(#0b4f6c, #8ccbe6);
  --accent-wash: light-dark(#e9f3f8, #203340);
  --danger: light-dark(#9f1f1a, #f6b0a6);
}
svg { background: var(--surface); }
`;

/**
 * The picture as a file that stands alone.
 *
 * @param style the rules of the page's picture
 */
export function pictureFile(exchanges: readonly PresentedExchange[], style: string): string {
  const picture = renderPicture(exchanges, 'wide');
  const opened = picture.indexOf('>') + 1;
  const start = picture.slice(0, opened).replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return `${start}<style>${colours}${style.replaceAll('<', '\\3c ')}</style>${picture.slice(opened)}`;
}
