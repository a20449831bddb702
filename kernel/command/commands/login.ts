import { resolve } from 'node:path'
import type { CommandContext, RunCommand } from '../../contract/command.js'
import { Secret } from '../../contract/config.js'
import { CommandOptionMisused } from '../command-errors.js'
import { readOwnFile } from '../credentials/own-file.js'
import { awaitDevice } from '../login/device-login.js'
import { IdentityProvider, type DeviceCode, type Grant } from '../login/identity-provider.js'
import { LoginIncomplete } from '../login/login-errors.js'
import type { LoginFile } from '../login/login-file.js'
import { loginWeb } from '../login/login-web.js'
import type { Login } from '../login/login.js'
import { isSet, option } from './input-words.js'
import { loginFileOf, serverOf } from './login-words.js'

/** A login before there is a token. */
type Terms = Pick<Login, 'issuer' | 'client' | 'scope' | 'resource' | 'trust'>

/** `caxton login` */
export const run: RunCommand = async context => {
  const server = serverOf(context)
  const file = loginFileOf(context)
  const secret = await secretOf(context)
  const terms = termsOf(context, server, (await file.read()).get(server), secret === undefined)
  const provider = await IdentityProvider.discover(terms.issuer, await loginWeb(terms.trust, context.clock), context.signal)
  const grant = secret === undefined ? await byDevice(context, provider, terms) : await bySecret(context, provider, terms, secret)
  const expires = grant.lasts === undefined ? undefined : context.clock.now() + grant.lasts * 1000
  await keep(context, file, server, { ...terms, token: grant.token, expires, refresh: grant.refresh })
  return 0
}

async function keep ({ terminal, signal }: CommandContext, file: LoginFile, server: string, login: Login): Promise<void> {
  await file.change(async logins => new Map([...logins, [server, login]]), signal)
  const { issuer, client, expires, refresh } = login
  const until = expires === undefined ? '' : new Date(expires).toISOString()
  terminal.record([
    ['server', server], ['issuer', issuer], ['client', client], ['token until', until === '' ? 'not said' : until],
    ['renewed by itself', refresh === undefined ? 'no' : 'yes'], ['kept in', file.path],
  ], { server, issuer, client, expires: until, renewable: refresh !== undefined, file: file.path })
}

function termsOf (context: CommandContext, server: string, before: Login | undefined, forPeople: boolean): Terms {
  const { input, workingFolder } = context
  const issuer = option(input, 'issuer') ?? before?.issuer
  if (issuer === undefined) throw LoginIncomplete({ server, missing: '--issuer' })
  // What was said to another issuer means nothing to this one.
  const same = before?.issuer === issuer ? before : undefined
  const client = option(input, 'client-id') ?? same?.client
  if (client === undefined) throw LoginIncomplete({ server, missing: '--client-id' })
  const trust = option(input, 'issuer-ca')
  return {
    issuer, client, resource: option(input, 'resource') ?? same?.resource,
    scope: option(input, 'scope') ?? same?.scope ?? (forPeople ? 'openid offline_access' : undefined),
    trust: trust === undefined ? same?.trust : resolve(workingFolder, trust),
  }
}

async function byDevice (context: CommandContext, provider: IdentityProvider, terms: Terms): Promise<Grant> {
  const { clock, signal, terminal } = context
  const device = await provider.beginDevice({ client_id: terms.client, ...wishes(terms) }, signal)
  terminal.say(invitation(device))
  return await terminal.progress('Waiting for you to confirm', () => awaitDevice(provider, device, terms.client, clock, signal))
}

function invitation ({ page, pageWithCode, userCode }: DeviceCode): string {
  const open = `Open ${page.href} and enter the code ${userCode}`
  return pageWithCode === undefined ? `${open}.` : `${open},\nor open ${pageWithCode.href} and compare the code.`
}

async function bySecret (context: CommandContext, provider: IdentityProvider, terms: Terms, secret: Secret): Promise<Grant> {
  const form = { grant_type: 'client_credentials', ...wishes(terms) }
  const answer = await provider.token(form, { client: terms.client, secret }, context.signal)
  if ('refusal' in answer) throw answer.because
  return answer
}

const wishes = ({ scope, resource }: Terms): Record<string, string> => ({
  ...scope === undefined ? {} : { scope }, ...resource === undefined ? {} : { resource },
})

/** The secret of a program; undefined for people. Never from the command line itself: everybody sees that in `ps`. */
async function secretOf ({ input, environment, workingFolder }: CommandContext): Promise<Secret | undefined> {
  const file = option(input, 'client-secret-file')
  const misused = (name: string, problem: string): Error => CommandOptionMisused({ command: 'caxton login', option: name, problem })
  if (!isSet(input, 'client-credentials')) {
    if (file !== undefined) throw misused('--client-secret-file', 'only has a meaning with `--client-credentials`')
    return undefined
  }
  const text = file === undefined ? environment['CAXTON_CLIENT_SECRET'] ?? '' : (await readOwnFile(resolve(workingFolder, file))).trim()
  if (text === '') throw misused('--client-credentials', 'needs a secret, in CAXTON_CLIENT_SECRET or by `--client-secret-file`')
  return new Secret(text)
}
