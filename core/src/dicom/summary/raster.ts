import type { Vector3 } from '../../types';
import { GLYPH_ADVANCE, GLYPH_HEIGHT, GLYPH_WIDTH, fontText, glyphPixel } from './font';

/** RGB image, three bytes a pixel, row by row. */
export class Raster {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number
  ) {
    this.data = new Uint8Array(3 * width * height);
  }

  /** Sets a pixel; outside of the image it does nothing. */
  set(x: number, y: number, color: Vector3): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = 3 * (x + this.width * y);
    for (let channel = 0; channel < 3; channel++)
      this.data[at + channel] = Math.round(color[channel]!);
  }

  fill(x: number, y: number, width: number, height: number, color: Vector3): void {
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++) this.set(column, row, color);
  }

  /** Writes from (x, y) of the top left; returns the x after the last glyph. */
  text(x: number, y: number, text: string, color: Vector3, scale = 2): number {
    for (const sign of fontText(text)) {
      for (let row = 0; row < GLYPH_HEIGHT; row++)
        for (let column = 0; column < GLYPH_WIDTH; column++)
          if (glyphPixel(sign, column, row))
            this.fill(x + column * scale, y + row * scale, scale, scale, color);
      x += GLYPH_ADVANCE * scale;
    }
    return x;
  }
}
