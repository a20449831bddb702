// Second entry of every agent's build (asconfig.json): what the server calls.
export * from 'caxton-server/abi'
