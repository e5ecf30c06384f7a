/** Stores Part 10 files in an archive by STOW-RS, some at a time; throws if a file is not accepted. */
export async function storeFiles(
  dicomwebUrl: string,
  files: Uint8Array[],
  headers: Record<string, string> = {}
): Promise<void> {
  const BATCH = 40;
  for (let start = 0; start < files.length; start += BATCH) {
    const boundary = `files-${start}`;
    const body = Buffer.concat([
      ...files
        .slice(start, start + BATCH)
        .flatMap((file) => [
          Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
          Buffer.from(file),
          Buffer.from('\r\n'),
        ]),
      Buffer.from(`--${boundary}--\r\n`),
    ]);
    const response = await fetch(`${dicomwebUrl}/studies`, {
      method: 'POST',
      headers: {
        ...headers,
        accept: 'application/dicom+json',
        'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      },
      body,
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`STOW-RS answered ${response.status}: ${answer}`);
  }
}
