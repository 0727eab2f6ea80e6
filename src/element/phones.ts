/** A screen that cannot scan itself. */
export const phones =
  '(hover: none) and (pointer: coarse) and (max-width: 40rem), (hover: none) and (pointer: coarse) and (max-height: 30rem)';

/** A phone on its side, or a page at twice its size. What is lower still is no screen, but a page measured for a picture. */
export const short = '(min-height: 8rem) and (max-height: 30rem)';
