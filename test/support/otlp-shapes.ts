import { expect } from 'chai'

type Fields = Readonly<Record<string, unknown>>
type Check = (value: unknown, at: string) => void

/** What the collector was sent by one kind of signal, checked against the messages of opentelemetry-proto 1.3 in their JSON form. */
export function checkOtlp (path: string, body: unknown): void {
  const check = REQUESTS[path]
  if (check === undefined) throw new Error(`nothing is to be sent to ${path}`)
  check(body, path)
}

const fieldsAt = (value: unknown, at: string): Fields => {
  expect(value, at).to.be.an('object')
  return value as Fields
}

/** Exactly these fields, of which those with `?` may be left out. */
function message (shape: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(shape).map(name => name.replace('?', ''))
  return (value, at) => {
    const fields = fieldsAt(value, at)
    expect(names, `${at} has fields that there are not`).to.include.members(Object.keys(fields))
    for (const [name, check] of Object.entries(shape)) {
      const field = name.replace('?', '')
      if (name.endsWith('?') && fields[field] === undefined) continue
      check(fields[field], `${at}.${field}`)
    }
  }
}

const list = (of: Check, least = 0): Check => (value, at) => {
  expect(value, at).to.be.an('array').with.length.at.least(least)
  for (const [index, each] of (value as readonly unknown[]).entries()) of(each, `${at}[${index}]`)
}
const matching = (pattern: RegExp): Check => (value, at) => { expect(value, at).to.be.a('string').that.matches(pattern) }
const oneOf = (...values: readonly unknown[]): Check => (value, at) => { expect(values, at).to.include(value) }
const text = matching(/^[^]*$/)
const filled = matching(/^[^]+$/)
/** 64-bit integers are text in JSON. */
const whole = matching(/^\d+$/)
const moment = matching(/^[1-9]\d{15,19}$/)
const number: Check = (value, at) => {
  expect(typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(value)), at).to.equal(true)
}
const logical: Check = (value, at) => { expect(value, at).to.be.a('boolean') }

const anyValue: Check = (value, at) => {
  const entries = Object.entries(fieldsAt(value, at))
  expect(entries, at).to.have.length(1)
  const [name = '', given] = entries[0] ?? []
  const checks: Readonly<Record<string, Check>> =
    { stringValue: text, boolValue: logical, intValue: matching(/^-?\d+$/), doubleValue: number }
  const check = checks[name]
  if (check === undefined) throw new Error(`${at} has no value of a known kind`)
  check(given, at)
}
const attributes: Check = (value, at) => {
  list(message({ key: filled, value: anyValue }))(value, at)
  const keys = (value as ReadonlyArray<{ readonly key: string }>).map(({ key }) => key)
  expect(new Set(keys).size, `${at} names an attribute twice`).to.equal(keys.length)
}
const resource = message({ attributes })
const scope = message({ name: filled, version: filled })
const traceId = matching(/^[0-9a-f]{32}$/)
const spanId = matching(/^[0-9a-f]{16}$/)

const span = message({
  traceId, spanId, 'parentSpanId?': spanId, name: text, kind: oneOf(1, 2, 3, 4, 5), startTimeUnixNano: moment, endTimeUnixNano: moment,
  attributes, status: message({ 'code?': oneOf(2), 'message?': text }),
})
const logRecord = message({
  timeUnixNano: moment, observedTimeUnixNano: moment, severityNumber: oneOf(5, 9, 13, 17), severityText: filled,
  body: anyValue, attributes, 'traceId?': traceId, 'spanId?': spanId,
})
const point = message({ attributes, startTimeUnixNano: moment, timeUnixNano: moment, asDouble: number })
const histogramPoint: Check = (value, at) => {
  message({
    attributes, startTimeUnixNano: moment, timeUnixNano: moment,
    count: whole, sum: number, bucketCounts: list(whole), explicitBounds: list(number),
  })(value, at)
  const { count, bucketCounts, explicitBounds } =
    value as { count: string, bucketCounts: readonly string[], explicitBounds: readonly number[] }
  expect(bucketCounts, at).to.have.length(explicitBounds.length + 1)
  expect(bucketCounts.reduce((sum, each) => sum + Number(each), 0), at).to.equal(Number(count))
}
const face = { name: matching(/^[a-zA-Z][\w.\-/]{0,254}$/), description: text, unit: text }
const metric: Check = (value, at) => {
  message({
    ...face,
    'gauge?': message({ dataPoints: list(point, 1) }),
    'sum?': message({ dataPoints: list(point, 1), aggregationTemporality: oneOf(2), isMonotonic: logical }),
    'histogram?': message({ dataPoints: list(histogramPoint, 1), aggregationTemporality: oneOf(2) }),
  })(value, at)
  expect(Object.keys(fieldsAt(value, at)), at).to.have.length(4)
}

/** All three requests are built alike. */
function within (resources: string, scopes: string, items: string, item: Check): Check {
  const scoped = message({ scope, [items]: list(item, 1) })
  return message({ [resources]: list(message({ resource, [scopes]: list(scoped, 1) }), 1) })
}

const REQUESTS: Readonly<Record<string, Check>> = {
  '/v1/traces': within('resourceSpans', 'scopeSpans', 'spans', span),
  '/v1/logs': within('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
  '/v1/metrics': within('resourceMetrics', 'scopeMetrics', 'metrics', metric),
}
