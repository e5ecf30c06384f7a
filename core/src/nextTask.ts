/**
 * Lets messages, drawing and input in between two pieces of work: a cancel, for one. A timer would wait 4 ms in browsers, and
 * longer in a tab that is not looked at.
 */
export function nextTask(): Promise<void> {
  if (typeof MessageChannel === 'undefined') return Promise.resolve();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
