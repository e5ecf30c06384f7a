import type { CDPSession, Page } from 'playwright-core';

/** Bytes in use after a collection. */
export interface Heap {
  page: number;
  /** Of the worker; 0 where there is none. */
  worker: number;
}

/** Measures the heap of a page and of its worker, by the browser's own protocol. */
export class HeapMeter {
  private readonly answers = new Map<number, (result: unknown) => void>();
  private next = 1;

  private constructor(private readonly session: CDPSession) {
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
      if (id === undefined) return;
      this.answers.get(id)?.(result);
      this.answers.delete(id);
    });
  }

  static async of(page: Page): Promise<HeapMeter> {
    return new HeapMeter(await page.context().newCDPSession(page));
  }

  async measure(): Promise<Heap> {
    return { page: await this.used((method) => this.session.send(method as never)), worker: await this.worker() };
  }

  private async used(send: (method: string) => Promise<unknown>): Promise<number> {
    await send('HeapProfiler.enable');
    // What a first collection finalises, a second frees.
    for (let time = 0; time < 3; time++) await send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize = 0 } = (await send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return usedSize + backingStorageSize;
  }

  private async worker(): Promise<number> {
    const { targetInfos } = await this.session.send('Target.getTargets');
    const ours = targetInfos.filter(
      ({ type, title, url }) => type === 'worker' && `${title} ${url}`.includes('inner-ear-hydrops')
    );
    const workers = ours.length > 0 ? ours : targetInfos.filter(({ type, url }) => type === 'worker' && url.includes('/worker.js'));
    let sum = 0;
    for (const { targetId } of workers) {
      const { sessionId } = await this.session.send('Target.attachToTarget', { targetId });
      sum += await this.used((method) => this.ask(sessionId, method));
      await this.session.send('Target.detachFromTarget', { sessionId });
    }
    return sum;
  }

  private ask(sessionId: string, method: string): Promise<unknown> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.answers.set(id, resolve);
      this.session
        .send('Target.sendMessageToTarget', {
          sessionId,
          message: JSON.stringify({ id, method }),
        })
        .catch(reject);
    });
  }
}
