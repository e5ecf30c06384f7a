/** A ratio for people. */
export function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
