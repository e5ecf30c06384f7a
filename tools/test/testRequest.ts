/**
 * As much of XMLHttpRequest over Node's fetch as dicomweb-client uses. Stands in for the browser's:
 * the requests and answers are real HTTP.
 */
export class FetchRequest {
  responseType = '';
  readyState = 0;
  status = 0;
  response: unknown = null;
  onloadstart?: () => void;
  onloadend?: () => void;
  onreadystatechange?: () => void;
  private method = 'GET';
  private url = '';
  private readonly requestHeaders: Record<string, string> = {};
  private responseHeaders = new Headers();

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.requestHeaders[name] = value;
  }

  getResponseHeader(name: string): string | null {
    return this.responseHeaders.get(name);
  }

  getAllResponseHeaders(): string {
    return [...this.responseHeaders].map(([name, value]) => `${name}: ${value}`).join('\r\n');
  }

  send(body?: ArrayBuffer): void {
    fetch(this.url, {
      method: this.method,
      headers: this.requestHeaders,
      ...(body ? { body } : {}),
    })
      .then(async (answer) => {
        this.status = answer.status;
        this.responseHeaders = answer.headers;
        const bytes = await answer.arrayBuffer();
        const text = () => new TextDecoder().decode(bytes);
        if (this.responseType === 'arraybuffer') this.response = bytes;
        else this.response = this.responseType === 'json' ? JSON.parse(text()) : text();
      })
      .catch(() => {
        this.status = 0;
      })
      .finally(() => {
        this.readyState = 4;
        this.onreadystatechange?.();
        this.onloadend?.();
      });
  }
}
