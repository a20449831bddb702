/** Facility 13, "log audit"; RFC 5424 §6.2.1. */
const FACILITY = 13
const NOTICE = 5
const INFORMATIONAL = 6

/** Who says it. */
export interface SyslogSender {
  readonly nodeId: string
  readonly processId: number
}

/** A record as a syslog message, RFC 5424 §6. `line`: one record in JSON, whose time it takes. */
export function syslogMessage (line: string, event: string, { nodeId, processId }: SyslogSender): string {
  const priority = FACILITY * 8 + (event === 'refused' || event === 'security' || event === 'suppressed' ? NOTICE : INFORMATIONAL)
  const time = /^\{"seq":\d+,"time":"([0-9T:.Z-]+)"/.exec(line)?.[1] ?? '-'
  return `<${priority}>1 ${time} ${word(nodeId, 255)} caxton ${processId} ${word(event, 32)} - ${line}`
}

/** Printable ASCII without spaces, RFC 5424 §6; `-` for none. */
const word = (text: string, longest: number): string => text.replace(/[^!-~]/g, '_').slice(0, longest) || '-'
