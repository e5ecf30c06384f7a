/** 0–255 RGB. */
export type Rgb = [red: number, green: number, blue: number];

/** As CSS writes it. */
export function cssColor(color: Readonly<Rgb>): string {
  return `rgb(${color.join(' ')})`;
}
