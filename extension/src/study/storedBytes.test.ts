import { firstItems } from '@inner-ear-hydrops/core';
import { addressOf, fromAddress, fromDicomWeb, fromLoadedFile } from './storedBytes';
import { type InstanceClient } from '../host/Archive';

// `client` stands for the host's dicomweb-client, `fetch` for the network.

const uids = { studyInstanceUID: '1', seriesInstanceUID: '2', sopInstanceUID: '3' };
const bytes = new Uint8Array([1, 2, 3, 4]);
const buffer = () => bytes.slice().buffer;
const options = { timeout: 1000 };
const httpError = (status: number) => Object.assign(new Error('request failed'), { status });
afterEach(() => void jest.restoreAllMocks());

describe('a DICOMweb archive', () => {
  /** @param refused HTTP status with which the archive answers the wildcard. */
  function archive(refused: number | null, byDefault: number | null = null) {
    const asked: string[] = [];
    const client: InstanceClient = {
      wadoURL: 'https://a.example/dicom-web',
      _httpGetMultipartApplicationDicom: async (url, mediaTypes) => {
        const [{ mediaType, transferSyntaxUID }] = firstItems(mediaTypes, 1);
        asked.push(`${url} ${mediaType} ${transferSyntaxUID}`);
        if (refused !== null) throw httpError(refused);
        return [buffer()];
      },
      retrieveInstance: async ({ sopInstanceUID }) => {
        asked.push(`default ${sopInstanceUID}`);
        if (byDefault !== null) throw httpError(byDefault);
        return buffer();
      },
    };
    return { client, asked };
  }
  const AS_STORED =
    'https://a.example/dicom-web/studies/1/series/2/instances/3 application/dicom *';

  it('is asked for the instance as it is stored', async () => {
    const { client, asked } = archive(null);
    expect(new Uint8Array(await fromDicomWeb(client, uids, options))).toEqual(bytes);
    expect(asked).toEqual([AS_STORED]);
  });

  it.each([400, 406])(
    'that refuses the wildcard with %i is asked in the default way',
    async (status) => {
      const { client, asked } = archive(status);
      expect(new Uint8Array(await fromDicomWeb(client, uids, options))).toEqual(bytes);
      expect(asked).toEqual([AS_STORED, 'default 3']);
    }
  );

  it.each([401, 404, 500])('that answers %i is not asked twice', async (status) => {
    const { client, asked } = archive(status);
    await expect(fromDicomWeb(client, uids, options)).rejects.toMatchObject({ status });
    expect(asked).toEqual([AS_STORED]);
  });

  it('behind a client that cannot ask so is asked in the default way', async () => {
    const { client, asked } = archive(null);
    const { retrieveInstance } = client;
    await fromDicomWeb({ retrieveInstance }, uids, options);
    expect(asked).toEqual(['default 3']);
  });

  it('that answers with nothing has no instance', async () => {
    const retrieveInstance = async () => new ArrayBuffer(0);
    await expect(fromDicomWeb({ retrieveInstance }, uids, options)).rejects.toThrow(/no instance/);
  });

  describe('that takes its time', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    it('may be slow as long as bytes come, and is given up and aborted when it falls silent', async () => {
      const target = { abort: jest.fn() };
      const shares: number[] = [];
      let moved: (loaded: number) => void = () => undefined;
      const retrieveInstance: InstanceClient['retrieveInstance'] = ({ progressCallback }) => {
        moved = (loaded) =>
          progressCallback?.({
            target,
            lengthComputable: true,
            loaded,
            total: 10,
          } as unknown as ProgressEvent);
        return new Promise<ArrayBuffer>(() => undefined);
      };
      const fetching = fromDicomWeb({ retrieveInstance }, uids, {
        timeout: 1000,
        onShare: (share) => shares.push(share),
      });
      const outcome = expect(fetching).rejects.toThrow(/no answer within 1 s/);
      for (const loaded of [2, 5]) {
        jest.advanceTimersByTime(900);
        moved(loaded);
      }
      expect(target.abort).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1000);
      await outcome;
      expect(shares).toEqual([0.2, 0.5]);
      expect(target.abort).toHaveBeenCalled();
    });
  });

  it('is left alone once the reader has cancelled', async () => {
    const controller = new AbortController();
    const retrieveInstance = () => new Promise<ArrayBuffer>(() => undefined);
    const fetching = fromDicomWeb({ retrieveInstance }, uids, {
      timeout: 1000,
      signal: controller.signal,
    });
    controller.abort();
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('whose answer the reader has cancelled is not reported as failed', async () => {
    const controller = new AbortController();
    // As XMLHttpRequest does it: a request that is aborted has an end, which dicomweb-client takes for a failure.
    const reported = jest.fn();
    const request = {
      onreadystatechange: reported as (() => void) | null,
      abort: () => request.onreadystatechange?.(),
    };
    let moved: () => void = () => undefined;
    const retrieveInstance: InstanceClient['retrieveInstance'] = ({ progressCallback }) => {
      moved = () => progressCallback?.({ target: request } as unknown as ProgressEvent);
      moved();
      return new Promise<ArrayBuffer>(() => undefined);
    };
    const fetching = fromDicomWeb({ retrieveInstance }, uids, {
      timeout: 1000,
      signal: controller.signal,
    });
    controller.abort();
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    moved();
    expect(reported).not.toHaveBeenCalled();
  });
});

describe('an address in an image id', () => {
  it('stands without its scheme and frame', () => {
    expect(addressOf('wadouri:https://a.example/wado?objectUID=1&frame=3')).toBe(
      'https://a.example/wado?objectUID=1'
    );
    expect(addressOf('dicomweb:https://a.example/file.dcm?frame=0')).toBe(
      'https://a.example/file.dcm'
    );
    expect(addressOf('dicomweb:/files/1.dcm')).toBe('/files/1.dcm');
  });

  it("is fetched with the host's authorisation", async () => {
    const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(bytes.slice()));
    const shares: number[] = [];
    const headers = { Authorization: 'Bearer x' };
    const file = await fromAddress('dicomweb:https://a.example/1.dcm', headers, {
      timeout: 1000,
      onShare: (share) => shares.push(share),
    });
    expect(new Uint8Array(file)).toEqual(bytes);
    expect(fetched).toHaveBeenCalledWith(
      'https://a.example/1.dcm',
      expect.objectContaining({ headers })
    );
  });

  it('that answers with an error says its status', async () => {
    jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 403 }));
    await expect(
      fromAddress('dicomweb:https://a.example/1.dcm', {}, options)
    ).rejects.toMatchObject({ status: 403 });
  });
});

describe('a file opened from disk', () => {
  it("is copied from the host's loader, which keeps its own", async () => {
    const kept = bytes.slice();
    const file = await fromLoadedFile(async () => ({ data: { byteArray: kept } }), options);
    structuredClone(file, { transfer: [file] });
    expect(kept).toEqual(bytes);
  });

  it('whose bytes the loader does not keep is refused', async () => {
    await expect(fromLoadedFile(async () => ({}), options)).rejects.toThrow(/bytes/);
  });
});
