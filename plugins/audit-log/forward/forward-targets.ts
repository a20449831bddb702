import type { Clock } from '../../../kernel/contract/index.js'
import type { AuditLogConfig } from '../audit-log-config.js'
import type { ForwardTarget } from './forwarder.js'
import { SecondFile } from './second-file.js'
import { SyslogConnection } from './syslog-connection.js'
import { SyslogDatagrams } from './syslog-datagrams.js'
import type { SyslogSender } from './syslog-message.js'

/** Where records go as well, by the configuration. */
export function forwardTargets (config: AuditLogConfig, sender: SyslogSender, clock: Clock): ForwardTarget[] {
  const { syslog, syslog_protocol, forward_file } = config
  const [, host = '', port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(syslog ?? '') ?? []
  return [
    ...syslog === undefined ? []
      : syslog_protocol === 'udp' ? [new SyslogDatagrams(host, Number(port), sender)]
        : [new SyslogConnection(host, Number(port), sender, clock)],
    ...forward_file === undefined ? [] : [new SecondFile(forward_file)],
  ]
}
