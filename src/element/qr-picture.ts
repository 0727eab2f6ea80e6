import { encode } from 'uqr';

/** A QR picture as one path, in units of one module. */
export interface QRPicture {
  readonly size: number;
  readonly path: string;
}

/** Draws a QR picture with the white margin of four modules that readers need (ISO/IEC 18004). */
export function toQRPicture(text: string): QRPicture {
  const { data, size } = encode(text, { border: 4 });
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const startX = x;
      while (row[x + 1]) x++;
      path += `M${startX} ${y}h${x + 1 - startX}v1h${startX - x - 1}z`;
    }
  });
  return { size, path };
}
