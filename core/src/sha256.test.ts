import { createHash } from 'node:crypto';
import { sha256, startSha256 } from './sha256';

describe('sha256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])(
    'agrees with OpenSSL for %i bytes, so that a published checksum can be compared',
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + 11) & 255);
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  );

  it('of parts is that of the whole', () => {
    const running = startSha256();
    running.add(new Uint8Array([1, 2, 3]));
    running.add('Müller');
    running.add(new Uint8Array(100));
    const whole = [new Uint8Array([1, 2, 3]), Buffer.from('Müller'), new Uint8Array(100)];
    expect(running.hex()).toBe(sha256(new Uint8Array(Buffer.concat(whole))));
  });

  it('takes a string as its UTF-8, so that UIDs made from names in any script stay the same', () => {
    const name = 'Müller^山田';
    expect(sha256(name)).toBe(createHash('sha256').update(name, 'utf8').digest('hex'));
  });
});
