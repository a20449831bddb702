import { getOption, type DescMethod, type DescService } from '@bufbuild/protobuf'
import { operation as operationOption, type CaxtonError, type OperationInfo } from '../../contract/index.js'
import { CallResources } from './call-resources.js'
import {
  OperationDuplicate, OperationHandlerMissing, OperationInstanceNeeded, OperationInstanceUnknown, OperationKindUnsupported,
  OperationResourceInvalid, OperationRightMissing, OperationUnknown,
} from './operation-errors.js'

/** A service with the handlers of one plugin instance. */
export interface Contribution {
  readonly instance: string
  readonly service: DescService
  /** By the method's name in generated code: `listDeadLetters`. */
  readonly handlers: Readonly<Record<string, unknown>>
}

/** A handler of any kind; the chain knows from the method which arguments and what answer it has. */
export type AnyHandler = (request: unknown, context: unknown) => unknown

interface Entry {
  readonly info: OperationInfo
  readonly resources: CallResources
  readonly service: DescService
  readonly handlers: Map<string, AnyHandler>
}

/**
 * What is wrong with a service, whoever carries it out: methods without a right or of a kind that no face carries. For
 * the check before anything starts.
 */
export function serviceProblems (service: DescService): CaxtonError[] {
  return service.methods.flatMap(method => {
    const operation = nameOf(method)
    return [
      ...method.methodKind === 'bidi_streaming' ? [OperationKindUnsupported({ operation })] : [],
      ...rightOf(method).right === '' ? [OperationRightMissing({ operation })] : [],
      ...resourceProblems(method),
    ]
  })
}

/** The operations of services, as their descriptors say. What is no operation is left out. */
export function operationsOf (services: Iterable<DescService>): OperationInfo[] {
  return [...new Set(services)].flatMap(service => service.methods).map(infoOf).filter(({ right }) => right !== '')
}

/** Every operation of the server and who carries it out. Filled at start; the faces read it. */
export class OperationRegistry {
  private readonly entries = new Map<string, Entry>()

  /**
   * What {@link add} would refuse. One service may come from several instances of a plugin: they are instances when
   * they bring the same descriptor, and rivals when they bring two of one name.
   */
  problems ({ instance, service, handlers }: Contribution): CaxtonError[] {
    const rivals = service.methods.flatMap(method => {
      const known = this.entries.get(nameOf(method))
      return known !== undefined && (known.service !== service || known.handlers.has(instance)) ? [...known.handlers.keys()] : []
    })
    const missing = service.methods.filter(method => !isHandler(handlers[method.localName]))
    return [
      ...serviceProblems(service),
      ...rivals.slice(0, 1).map(first => OperationDuplicate({ service: service.typeName, instance, first })),
      ...missing.map(method => OperationHandlerMissing({ operation: nameOf(method), instance, handler: method.localName })),
    ]
  }

  /** Registers all methods of a service, or none and throws the first of its {@link problems}. */
  add (contribution: Contribution): void {
    const [problem] = this.problems(contribution)
    if (problem !== undefined) throw problem
    const { instance, service, handlers } = contribution
    for (const method of service.methods) {
      const handler = handlers[method.localName]
      if (isHandler(handler)) this.entryOf(method, service).handlers.set(instance, handler.bind(handlers))
    }
  }

  list (): readonly OperationInfo[] {
    return Array.from(this.entries.values(), entry => entry.info)
  }

  infoOf (operation: string): OperationInfo {
    const entry = this.entries.get(operation)
    if (entry === undefined) throw OperationUnknown({ operation })
    return entry.info
  }

  /** Which things a request is about. Never empty; an empty text stands for everything. */
  resourcesOf (operation: string, request: unknown): readonly string[] {
    const entry = this.entries.get(operation)
    if (entry === undefined) throw OperationUnknown({ operation })
    return entry.resources.in(request)
  }

  /** The handler of an operation. With several instances the caller has to name one. */
  handlerOf (operation: string, instance: string | undefined): AnyHandler {
    const handlers = this.entries.get(operation)?.handlers
    if (handlers === undefined) throw OperationUnknown({ operation })
    if (instance === undefined && handlers.size > 1) {
      throw OperationInstanceNeeded({ operation, instances: [...handlers.keys()] })
    }
    const handler = instance === undefined ? [...handlers.values()][0] : handlers.get(instance)
    if (handler === undefined) throw OperationInstanceUnknown({ operation, instance: instance ?? '' })
    return handler
  }

  private entryOf (method: DescMethod, service: DescService): Entry {
    const name = nameOf(method)
    const known = this.entries.get(name)
    if (known !== undefined) return known
    const resources = CallResources.of(rightOf(method).resources, method.input)
    if (typeof resources === 'string') throw OperationResourceInvalid({ operation: name, problem: resources })
    const entry = { info: infoOf(method), resources, service, handlers: new Map() }
    this.entries.set(name, entry)
    return entry
  }
}

function infoOf (method: DescMethod): OperationInfo {
  const { right, changes } = rightOf(method)
  return { name: nameOf(method), method, right, changes }
}

function nameOf (method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`
}

/** A stranger's descriptor may hold anything under our option's number: what can't be read names no right. */
function rightOf (method: DescMethod): { readonly right: string, readonly changes: boolean, readonly resources: readonly string[] } {
  try {
    const { right, changes, resources } = getOption(method, operationOption)
    return { right: right.trim(), changes, resources }
  } catch {
    return { right: '', changes: false, resources: [] }
  }
}

function resourceProblems (method: DescMethod): CaxtonError[] {
  const resources = CallResources.of(rightOf(method).resources, method.input)
  return typeof resources === 'string' ? [OperationResourceInvalid({ operation: nameOf(method), problem: resources })] : []
}

function isHandler (value: unknown): value is AnyHandler {
  return typeof value === 'function'
}
