import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'

/** A caller that names more things in one call is asked for the right on everything. */
const MOST = 1_000
const EVERYTHING: readonly string[] = Object.freeze([''])

/** One row of `caxton.v1.Operation.resources`, read: texts around a field, and the field that must be set. */
interface Template {
  readonly before: string
  readonly path: readonly DescField[]
  readonly after: string
  readonly condition: readonly DescField[]
}

const TEMPLATE = /^(?<before>[^{}\s]*)(?:\{(?<path>[^{}\s]+)\}(?<after>[^{}\s]*))?(?: if (?<condition>[^{}\s]+))?$/

/**
 * Which things a call is about, for the authorizer, as the operation's descriptor says (`caxton.v1.Operation.resources`): reads them
 * out of requests.
 */
export class CallResources {
  private constructor (private readonly templates: readonly Template[]) {}

  /** Reads the rows for requests of a type. Answers with a sentence where one can't be read. */
  static of (rows: readonly string[], input: DescMessage): CallResources | string {
    const templates: Template[] = []
    for (const row of rows) {
      const template = templateOf(row, input)
      if (typeof template === 'string') return template
      templates.push(template)
    }
    return new CallResources(templates)
  }

  /** What a request names; one empty text when it names nothing, which stands for everything. */
  in (request: unknown): readonly string[] {
    const found: string[] = []
    for (const { before, path, after, condition } of this.templates) {
      if (condition.length > 0 && !reaches(request, condition, 0)) continue
      if (path.length === 0) found.push(before)
      else if (!gather(request, path, 0, text => found.push(before + text + after) <= MOST)) return EVERYTHING
    }
    return found.length === 0 ? EVERYTHING : found
  }
}

function templateOf (row: string, input: DescMessage): Template | string {
  const parts = TEMPLATE.exec(row)?.groups
  if (parts === undefined) return `"${row}" is not a text with one {field} in it, and at most " if field" after it`
  const { before = '', path, after = '', condition } = parts
  if (path === undefined && condition === undefined) return `"${row}" names no field`
  const fields = path === undefined ? [] : fieldsOf(path, input)
  const conditions = condition === undefined ? [] : fieldsOf(condition, input)
  if (typeof fields === 'string') return fields
  if (typeof conditions === 'string') return conditions
  const last = fields.at(-1)
  if (last !== undefined && scalarOf(last) !== ScalarType.STRING) return `"${path ?? ''}" is no text`
  return { before, path: fields, after, condition: conditions }
}

function fieldsOf (path: string, input: DescMessage): readonly DescField[] | string {
  const fields: DescField[] = []
  let message: DescMessage | undefined = input
  for (const name of path.split('.')) {
    const field: DescField | undefined = message?.fields.find(each => each.name === name)
    if (field === undefined) return `${input.typeName} has no field "${path}"`
    fields.push(field)
    message = field.fieldKind === 'message' || field.fieldKind === 'list' ? field.message : undefined
  }
  return fields
}

function scalarOf (field: DescField): ScalarType | undefined {
  return field.fieldKind === 'scalar' || field.fieldKind === 'list' ? field.scalar : undefined
}

/** Tells every text at the end of a path that is not empty, until `told` says that it is enough. */
function gather (message: unknown, path: readonly DescField[], at: number, told: (text: string) => boolean): boolean {
  const field = path[at]
  if (field === undefined) return typeof message !== 'string' || message === '' || told(message)
  const value = valueOf(message, field)
  if (!Array.isArray(value)) return gather(value, path, at + 1, told)
  return value.every(item => gather(item, path, at + 1, told))
}

/** Whether anything at the end of a path is set: not empty, not 0, not false. */
function reaches (message: unknown, path: readonly DescField[], at: number): boolean {
  const field = path[at]
  if (field === undefined) return isSet(message)
  const value = valueOf(message, field)
  return Array.isArray(value) ? value.some(item => reaches(item, path, at + 1)) : reaches(value, path, at + 1)
}

function isSet (value: unknown): boolean {
  return value instanceof Uint8Array ? value.length > 0 : Boolean(value)
}

function valueOf (message: unknown, field: DescField): unknown {
  if (typeof message !== 'object' || message === null) return undefined
  const { oneof } = field
  if (oneof === undefined) return Reflect.get(message, field.localName)
  const choice: unknown = Reflect.get(message, oneof.localName)
  const isChosen = typeof choice === 'object' && choice !== null && Reflect.get(choice, 'case') === field.localName
  return isChosen ? Reflect.get(choice, 'value') : undefined
}
