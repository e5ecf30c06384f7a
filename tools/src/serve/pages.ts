import { escapeHtml } from '../html';

/** The pages of the server itself: without script, image or anything else to fetch. */

export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE =
  'body{background:#090c29;color:#fff;font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:12vh auto;padding:0 1em}a{color:#5acce6}';

export function noticePage(title: string, words: string[]): string {
  const paragraphs = words.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n');
  return page(title, `<h1>${escapeHtml(title)}</h1>\n${paragraphs}`);
}

/** Goes on to a path of this server at once. */
export function movedPage(path: string): string {
  const target = escapeHtml(path);
  return page(
    'Inner Ear Hydrops',
    `<p><a href="${target}">Open the viewer</a></p>`,
    `<meta http-equiv="refresh" content="0; url=${target}">`
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style>${head}</head>
<body>
${body}
</body>
</html>
`;
}
