import { create, createFileRegistry, fromBinary, setExtension, toBinary, type DescService } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema, MethodOptionsSchema, type MethodOptions,
} from '@bufbuild/protobuf/wkt'
import { operation } from '../../kernel/contract/index.js'

/** A method of a stranger's service. Without a right it has no option at all. */
export interface StrangerMethod {
  readonly name: string
  readonly right?: string
  readonly changes?: boolean
  readonly resources?: readonly string[]
  readonly takesStream?: boolean
  readonly givesStream?: boolean
}

/**
 * A service as a stranger's plugin brings it: from the bytes of a descriptor set, without generated code. Every method
 * takes and gives `{ name: string, count: int32, data: bytes }`.
 */
export function strangerService (methods: readonly StrangerMethod[], service = 'Clockwork'): DescService {
  const bytes = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, {
    file: [{
      name: `acme/${service.toLowerCase()}.proto`,
      package: 'acme.v1',
      syntax: 'proto3',
      messageType: [{
        name: 'Note',
        field: [
          field('name', 1, FieldDescriptorProto_Type.STRING),
          field('count', 2, FieldDescriptorProto_Type.INT32),
          field('data', 3, FieldDescriptorProto_Type.BYTES),
        ],
      }],
      service: [{
        name: service,
        method: methods.map(method => ({
          name: method.name,
          inputType: '.acme.v1.Note',
          outputType: '.acme.v1.Note',
          clientStreaming: method.takesStream ?? false,
          serverStreaming: method.givesStream ?? false,
          ...method.right === undefined ? {} : { options: optionsOf(method.right, method) },
        })),
      }],
    }],
  }))
  const found = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes)).getService(`acme.v1.${service}`)
  if (found === undefined) throw new Error('the descriptor set lost its service')
  return found
}

function field (name: string, number: number, type: FieldDescriptorProto_Type): object {
  return { name, jsonName: name, number, type, label: FieldDescriptorProto_Label.OPTIONAL }
}

function optionsOf (right: string, { changes = false, resources = [] }: StrangerMethod): MethodOptions {
  const options = create(MethodOptionsSchema)
  setExtension(options, operation, { $typeName: 'caxton.v1.Operation', right, changes, resources: [...resources] })
  return options
}
