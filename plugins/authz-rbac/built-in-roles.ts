import type { Role, Rule } from './policy.js'
import { readRule } from './rule-text.js'

/** Looks, but not into what is said. */
const VIEWER = [
  'agents:list', 'agents:read', 'capabilities:list', 'capabilities:read', 'cluster:read', 'metrics:read', 'server:read', 'tools:list',
]
/** Brings agents and talks with them. */
const DEVELOPER = [
  'agents:deploy', 'agents:logs', 'agents:manage', 'conversations:cancel', 'conversations:read', 'conversations:watch',
  'messages:read', 'messages:send', 'messages:watch', 'state:read', 'state:write', 'tasks:run', 'traces:read',
]
/** Keeps servers and the cluster running. */
const OPERATOR = [
  'agents:quarantine', 'audit:read', 'auth:read', 'cluster:manage', 'keys:list', 'logs:manage', 'logs:read', 'messages:purge',
  'server:debug', 'server:manage', 'tools:approve', 'tools:call', 'tools:grant',
]

/**
 * Rights that only the role admin has, by its `*`. Every right of the server's own operations stands in one of these lists, so that nobody
 * gets or lacks a new one by accident.
 */
export const ADMIN_ONLY: readonly string[] = ['keys:create', 'keys:revoke', 'keys:rotate', 'state:export', 'state:import']

/** A right of everybody whom the server knows, and of anonymous callers: to ask who they are. */
export const EVERYBODYS_RIGHT = 'auth:whoami'

/** The roles that need no policy file. */
export const BUILT_IN_ROLES: readonly Role[] = [
  role('viewer', 'Sees agents, capabilities, nodes and metrics; no messages.', [], VIEWER),
  role('developer', 'Deploys agents and looks after them, talks with them and sees what is said.', ['viewer'], DEVELOPER),
  role('operator', 'Runs servers and the cluster; sees who has which right.', ['developer'], OPERATOR),
  role('admin', 'May do everything.', [], ['*']),
]

function role (name: string, summary: string, includes: readonly string[], allow: readonly string[]): Role {
  return { name, summary, isBuiltIn: true, includes, allow: allow.map(ruleOf), deny: [] }
}

function ruleOf (text: string): Rule {
  const rule = readRule(text)
  if (typeof rule === 'string') throw new Error(rule)
  return rule
}
