import type { CDPSession, Page } from 'playwright-core';

/** Bytes in use after a collection. */
export interface Heap {
  page: number;
  /** Of the worker; 0 where there is none. */
  worker: number;
}

/** Milliseconds in which a worker that lives answers. */
const PATIENCE_MS = 20_000;

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
    return {
      page: await this.used((method) => this.session.send(method as never)),
      worker: await this.worker(),
    };
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
    const workers = targetInfos.filter(
      ({ type, title, url }) =>
        type === 'worker' && /inner-ear-hydrops|\/worker\.js/.test(title + url)
    );
    let sum = 0;
    for (const { targetId } of workers) sum += await this.ofWorker(targetId);
    return sum;
  }

  /** 0 for a worker that ends meanwhile. */
  private async ofWorker(targetId: string): Promise<number> {
    const { sessionId } = await this.session.send('Target.attachToTarget', { targetId });
    const gone = new Promise<number>((resolve) =>
      setTimeout(() => resolve(0), PATIENCE_MS).unref()
    );
    const used = this.used((method) => this.ask(sessionId, method));
    const bytes = await Promise.race([used.catch(() => 0), gone]);
    await this.session.send('Target.detachFromTarget', { sessionId }).catch(() => undefined);
    return bytes;
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
