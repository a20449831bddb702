// Second entry of every agent's build (asconfig.json): what the server calls. Agents start themselves in their own entry.
export * from 'caxton-server/abi'
