import type { Command } from '../../contract/command.js'

/** Commands with which modules are signed. They need no server. */
export const signingCommands: readonly Command[] = [
  {
    path: ['agents', 'sign'],
    summary: 'Signs a module, so that servers that trust the key let it run.',
    arguments: [{ name: 'MODULE', doc: 'The compiled module, `.wasm`, as it will be deployed.', required: true }],
    options: [
      { name: 'key', value: 'FILE', required: true, doc: 'The private key, by `caxton security gen-signing-key`.' },
      { name: 'signature', value: 'FILE', doc: 'Where the signature goes; beside the module as `MODULE.sig` by default.' },
    ],
    examples: [
      {
        type: 'caxton agents sign clerk.wasm --key release.key',
        does: 'Writes clerk.wasm.sig, which `caxton agents deploy clerk.wasm` takes along.',
      },
    ],
    module: new URL('./agents-sign.js', import.meta.url).href,
  },
  {
    path: ['security', 'gen-signing-key'],
    summary: 'Makes a key that signs modules, and its public half for the servers that trust it.',
    options: [
      { name: 'name', value: 'NAME', required: true, doc: 'Who signs with it: the name of the files, and what servers call the signer.' },
      { name: 'dir', value: 'DIR', doc: 'Folder for the files; the current one by default.' },
    ],
    examples: [
      {
        type: 'caxton security gen-signing-key --name release',
        does: 'Makes release.key, which belongs on no server, and release.pub for `agents.trusted_keys`.',
      },
    ],
    module: new URL('./security-gen-signing-key.js', import.meta.url).href,
  },
]
