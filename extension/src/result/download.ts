import { zipSync } from 'fflate';

/** Hands files to the reader as one zip archive through the browser's own download. */
export function downloadZip(name: string, files: Record<string, Uint8Array>): void {
  const zip = zipSync(files, { level: 6 });
  const url = URL.createObjectURL(new Blob([new Uint8Array(zip)], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  // The browser reads the Blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
