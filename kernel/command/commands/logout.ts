import type { CommandContext, RunCommand } from '../../contract/command.js'
import { IdentityProvider } from '../login/identity-provider.js'
import { loginWeb } from '../login/login-web.js'
import type { Login } from '../login/login.js'
import { loginFileOf, serverOf } from './login-words.js'

/** `caxton logout` */
export const run: RunCommand = async context => {
  const server = serverOf(context)
  const file = loginFileOf(context)
  const login = (await file.read()).get(server)
  if (login === undefined) {
    context.terminal.say(`You are not logged in to ${server}.`)
    context.terminal.record([], { server, loggedOut: false, revoked: false })
    return 0
  }
  // Forgotten first: what the provider does about it must not keep the token here.
  await file.change(async logins => new Map([...logins].filter(([name]) => name !== server)), context.signal)
  const revoked = await revoke(context, login)
  if (!revoked) context.terminal.say('The identity provider did not withdraw the token: whoever has it can use it until it expires.')
  context.terminal.record([['logged out of', server]], { server, loggedOut: true, revoked })
  return 0
}

async function revoke (context: CommandContext, login: Login): Promise<boolean> {
  try {
    const provider = await IdentityProvider.discover(login.issuer, await loginWeb(login.trust, context.clock), context.signal)
    // With the refresh token goes what was made by it: RFC 7009 §2.1.
    return await provider.revoke(login.refresh ?? login.token, login.client, context.signal)
  } catch {
    context.signal.throwIfAborted()
    return false
  }
}
