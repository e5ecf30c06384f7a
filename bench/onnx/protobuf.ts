/** The part of ONNX's protocol buffers (onnx.proto, IR version 8) that our networks need. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  /** 1: float32, 7: int64. */
  dataType: 1 | 7;
  rawData: Uint8Array;
}
export interface OnnxAttribute {
  name: string;
  type: number;
  i?: number;
  s?: Uint8Array;
  floats?: number[];
  ints?: number[];
}
export interface OnnxNode {
  opType: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
}
export interface OnnxValue {
  name: string;
  /** A text stands for a size that is known only when the network runs. */
  shape: (number | string)[];
}
export interface OnnxGraph {
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValue[];
  output: OnnxValue[];
}

/** The part of protobufjs that is used; the benchmark fetches it beside ONNX Runtime. */
export interface ProtobufLibrary {
  Root: {
    fromJSON(json: object): {
      lookupType(name: string): { encode(message: object): { finish(): Uint8Array } };
    };
  };
}

const OPSET = 13;
const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const SCHEMA = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'GraphProto'),
        opsetImport: list(8, 'OperatorSetIdProto'),
      },
    },
    OperatorSetIdProto: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    GraphProto: {
      fields: {
        node: list(1, 'NodeProto'),
        name: field(2, 'string'),
        initializer: list(5, 'TensorProto'),
        input: list(11, 'ValueInfoProto'),
        output: list(12, 'ValueInfoProto'),
      },
    },
    NodeProto: {
      fields: {
        input: list(1, 'string'),
        output: list(2, 'string'),
        opType: field(4, 'string'),
        attribute: list(5, 'AttributeProto'),
      },
    },
    AttributeProto: {
      fields: {
        name: field(1, 'string'),
        i: field(3, 'int64'),
        s: field(4, 'bytes'),
        floats: list(7, 'float'),
        ints: list(8, 'int64'),
        type: field(20, 'int32'),
      },
    },
    TensorProto: {
      fields: {
        dims: list(1, 'int64'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
      },
    },
    ValueInfoProto: { fields: { name: field(1, 'string'), type: field(2, 'TypeProto') } },
    TypeProto: { fields: { tensorType: field(1, 'TensorTypeProto') } },
    TensorTypeProto: { fields: { elemType: field(1, 'int32'), shape: field(2, 'ShapeProto') } },
    ShapeProto: { fields: { dim: list(1, 'DimensionProto') } },
    DimensionProto: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
};

/** A complete ONNX file. */
export function encodeOnnx(graph: OnnxGraph, protobuf: ProtobufLibrary): Uint8Array {
  const model = protobuf.Root.fromJSON(SCHEMA).lookupType('ModelProto');
  const valueOf = ({ name, shape }: OnnxValue) => ({
    name,
    type: {
      tensorType: {
        elemType: 1,
        shape: {
          dim: shape.map((size) =>
            typeof size === 'number' ? { dimValue: size } : { dimParam: size }
          ),
        },
      },
    },
  });
  return model
    .encode({
      irVersion: 8,
      producerName: 'inner-ear-hydrops',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: 'network',
        node: graph.node,
        initializer: graph.initializer,
        input: graph.input.map(valueOf),
        output: graph.output.map(valueOf),
      },
    })
    .finish();
}
