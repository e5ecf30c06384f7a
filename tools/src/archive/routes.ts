import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findBulkData, withBulkDataBase } from './dicomJson';
import { framesOf } from './frames';
import { mediaTypeParameter, MultipartError, multipartStream, parseMultipart } from './multipart';
import { isUid, UnreadableInstanceError, type InstanceIds } from './parseInstance';
import { query, QueryError, type QueryLevel, type QueryParameters } from './query';
import { storeInstances } from './storeInstances';
import type { IndexedInstance, InstanceStore } from './store';

/** A request for something that is not kept, or not in that form. */
class ArchiveError extends Error {
  constructor(
    readonly statusCode: number,
    message: string
  ) {
    super(message);
  }
}

/** Bytes of one request to store. */
export const MAX_STORE_REQUEST = 1 << 30;
const DICOM_JSON = 'application/dicom+json; charset=utf-8';

/**
 * DICOMweb (PS3.18) over an instance store, to be registered under a prefix: QIDO-RS, WADO-RS
 * (metadata, instances, frames, bulk data) and STOW-RS. Errors are `{ "message": … }`.
 */
export function archiveRoutes(store: InstanceStore) {
  return async (app: FastifyInstance): Promise<void> => {
    const baseOf = (request: FastifyRequest) =>
      `${request.protocol}://${request.host}${app.prefix}`;

    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MAX_STORE_REQUEST },
      (_request, body, done) => done(null, body)
    );
    app.setErrorHandler((error, request, reply) => {
      const status = statusOf(error);
      if (status >= 500) request.log.error(error);
      const message = error instanceof Error ? error.message : String(error);
      return reply.code(status).type('application/json').send({ message });
    });

    const search = (level: QueryLevel) => (request: FastifyRequest, reply: FastifyReply) => {
      const parameters = request.query as QueryParameters;
      const results = query(store, level, scopeOf(request), parameters, baseOf(request));
      return reply.type(DICOM_JSON).send(JSON.stringify(results));
    };
    app.get('/studies', search('study'));
    app.get('/series', search('series'));
    app.get('/instances', search('instance'));
    app.get('/studies/:study/series', search('series'));
    app.get('/studies/:study/instances', search('instance'));
    app.get('/studies/:study/series/:series/instances', search('instance'));

    const series = '/studies/:study/series/:series';
    const instance = `${series}/instances/:instance`;
    for (const path of ['/studies/:study', series, instance]) {
      app.get(path, async (request, reply) =>
        sendInstances(store, found(store, request), request, reply)
      );
      app.get(`${path}/metadata`, async (request, reply) => {
        const all = await Promise.all(
          found(store, request).map(async (instance) =>
            withBulkDataBase(
              await store.metadata(instance),
              `${baseOf(request)}/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}`
            )
          )
        );
        return reply.type(DICOM_JSON).send(JSON.stringify(all));
      });
    }
    app.get(`${instance}/frames/:frames`, async (request, reply) =>
      sendFrames(store, found(store, request)[0]!, request, reply)
    );
    app.get(`${instance}/bulkdata/*`, async (request, reply) => {
      const path = (request.params as Record<string, string>)['*'] ?? '';
      const parsed = await store.parsed(found(store, request)[0]!);
      const body = findBulkData(parsed.content, path);
      if (!body) throw new ArchiveError(404, `The instance has no bulk data at "${path}".`);
      return sendBinary(request, reply, [{ contentType: 'application/octet-stream', body }]);
    });

    const receive = async (request: FastifyRequest, reply: FastifyReply) => {
      const type = request.headers['content-type'] ?? '';
      const body = request.body as Buffer | null;
      if (!body || body.length === 0) throw new ArchiveError(400, 'The request to store is empty.');
      let parts = [{ headers: { 'content-type': type }, body }];
      if (/^multipart\/related/i.test(type)) parts = parseMultipart(body, type) as typeof parts;
      else if (!/^application\/dicom\s*(;|$)/i.test(type)) {
        throw new ArchiveError(
          415,
          `Instances come as multipart/related or application/dicom, not as "${type}".`
        );
      }
      if (parts.length === 0)
        throw new ArchiveError(400, 'The request to store holds no instance.');
      const { study } = request.params as Record<string, string>;
      const answer = await storeInstances(store, parts, baseOf(request), study);
      for (const failure of answer.failures) request.log.warn(failure);
      return reply.code(answer.status).type(DICOM_JSON).send(JSON.stringify(answer.body));
    };
    app.post('/studies', receive);
    app.post('/studies/:study', receive);
  };
}

function statusOf(error: unknown): number {
  if (error instanceof QueryError || error instanceof MultipartError) return 400;
  // A file that was damaged in the store after it was indexed.
  if (error instanceof UnreadableInstanceError) return 500;
  const status = (error as { statusCode?: unknown })?.statusCode;
  return typeof status === 'number' ? status : 500;
}

function scopeOf(request: FastifyRequest): Partial<InstanceIds> {
  const { study, series, instance } = request.params as Record<string, string | undefined>;
  const scope: Partial<InstanceIds> = {};
  if (study !== undefined) scope.studyInstanceUid = study;
  if (series !== undefined) scope.seriesInstanceUid = series;
  if (instance !== undefined) scope.sopInstanceUid = instance;
  for (const uid of Object.values(scope)) {
    if (!isUid(uid)) throw new ArchiveError(400, `"${uid}" is not a DICOM UID.`);
  }
  return scope;
}

function found(store: InstanceStore, request: FastifyRequest): IndexedInstance[] {
  const scope = scopeOf(request);
  const instances = store.list(scope);
  if (instances.length === 0) {
    const wanted = Object.entries(scope).map(([name, uid]) => `${name} ${uid}`);
    throw new ArchiveError(404, `Nothing is stored for ${wanted.join(', ')}.`);
  }
  return instances;
}

function sendInstances(
  store: InstanceStore,
  instances: IndexedInstance[],
  request: FastifyRequest,
  reply: FastifyReply
): FastifyReply | Promise<FastifyReply> {
  const typeOf = (instance: IndexedInstance) =>
    `application/dicom; transfer-syntax=${instance.transferSyntaxUid}`;
  for (const instance of instances) requireSyntax(request, instance.transferSyntaxUid);
  async function* parts() {
    for (const instance of instances)
      yield { contentType: typeOf(instance), body: await store.file(instance) };
  }
  if (instances.length === 1 && !wantsMultipart(request)) {
    return store.file(instances[0]!).then((file) => reply.type('application/dicom').send(file));
  }
  const { contentType, stream } = multipartStream('application/dicom', parts());
  return reply.header('content-type', contentType).send(stream);
}

async function sendFrames(
  store: InstanceStore,
  indexed: IndexedInstance,
  request: FastifyRequest,
  reply: FastifyReply
): Promise<FastifyReply> {
  const list = (request.params as Record<string, string>).frames ?? '';
  const numbers = decodeURIComponent(list).split(',').map(Number);
  const { count, frame, transferSyntaxUid, mediaType } = framesOf(await store.parsed(indexed));
  for (const number of numbers) {
    if (!Number.isInteger(number) || number < 1)
      throw new ArchiveError(400, `"${list}" is not a list of frames.`);
    if (number > count) {
      throw new ArchiveError(404, `Frame ${number} does not exist: the instance has ${count}.`);
    }
  }
  requireSyntax(request, transferSyntaxUid);
  const contentType = `${mediaType}; transfer-syntax=${transferSyntaxUid}`;
  return sendBinary(
    request,
    reply,
    numbers.map((number) => ({ contentType, body: frame(number) }))
  );
}

/** Several values as multipart/related; one also alone when the client asks for that. */
function sendBinary(
  request: FastifyRequest,
  reply: FastifyReply,
  values: { contentType: string; body: Buffer }[]
): FastifyReply {
  const first = values[0]!;
  if (values.length === 1 && !wantsMultipart(request)) {
    return reply.header('content-type', first.contentType).send(first.body);
  }
  async function* parts() {
    yield* values;
  }
  const { contentType, stream } = multipartStream(first.contentType.split(';')[0]!, parts());
  const syntax = mediaTypeParameter(first.contentType, 'transfer-syntax');
  return reply
    .header('content-type', syntax ? `${contentType}; transfer-syntax=${syntax}` : contentType)
    .send(stream);
}

/** PS3.18: multipart unless the client names a single-part type. */
function wantsMultipart(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  if (/multipart\/related/i.test(accept)) return true;
  return !/application\/(dicom|octet-stream)|image\//i.test(accept);
}

/** Instances are kept and sent as they came: a client that insists on another syntax hears so. */
function requireSyntax(request: FastifyRequest, transferSyntaxUid: string): void {
  const wanted = (request.headers.accept ?? '')
    .split(',')
    .map((range) => mediaTypeParameter(range, 'transfer-syntax'));
  const open = wanted.some(
    (syntax) => syntax === '' || syntax === '*' || syntax === transferSyntaxUid
  );
  if (!open) {
    throw new ArchiveError(
      406,
      `The instance is stored in transfer syntax ${transferSyntaxUid} and is not converted; request transfer-syntax=*.`
    );
  }
}
