/** A screen that cannot scan itself. */
export const phones =
  '(hover: none) and (pointer: coarse) and (max-width: 40rem), (hover: none) and (pointer: coarse) and (max-height: 30rem)';
