/** The part of dcmjs (0.52, which has no types of its own) that this project uses. */
declare module 'dcmjs' {
  export type NaturalizedDataset = Record<string, unknown>;
  export interface DicomElement {
    vr: string;
    Value?: unknown[];
    InlineBinary?: string;
  }
  export type DicomDataset = Record<string, DicomElement>;
  export interface DicomDictInstance {
    meta: DicomDataset;
    dict: DicomDataset;
    write(options?: Record<string, unknown>): ArrayBuffer;
  }
  export const data: {
    DicomMessage: {
      readFile(buffer: ArrayBuffer, options?: Record<string, unknown>): DicomDictInstance;
    };
    DicomDict: new (meta: DicomDataset) => DicomDictInstance;
    DicomMetaDictionary: {
      uid(): string;
      naturalizeDataset(dataset: DicomDataset): NaturalizedDataset;
      denaturalizeDataset(dataset: NaturalizedDataset): DicomDataset;
      nameMap: Record<string, { tag: string; vr: string; name: string }>;
      /** By tag as "(0010,0010)"; looked up lazily, cannot be enumerated. */
      dictionary: Record<string, { tag: string; vr: string; name: string; vm: string } | undefined>;
    };
    Colors: {
      rgb2DICOMLAB(rgb: number[]): number[];
    };
    BitArray: { pack(data: ArrayLike<number>): Uint8Array };
  };
  interface Logger {
    setLevel(level: string | number): void;
  }
  export const log: Logger & { getLogger(name: string): Logger };
  const dcmjs: { data: typeof data; log: typeof log };
  export default dcmjs;
}
