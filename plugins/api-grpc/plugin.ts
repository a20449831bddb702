import {
  ClientTrusts, ClockToken, definePlugin, IdentityToken, ListenersToken, OperationsToken, optional, ServerHealthToken,
} from '../../kernel/contract/index.js'
import { apiGrpcConfig } from './api-grpc-config.js'
import { apiGrpcErrors } from './api-grpc-errors.js'

export default definePlugin({
  name: 'api-grpc',
  summary: 'Serves every operation by gRPC, with health checks and server reflection.',
  stability: 'beta',
  contract: '^1.0',
  needs: [ListenersToken, OperationsToken, optional(IdentityToken), optional(ServerHealthToken), ClientTrusts, ClockToken],
  asks: ['net.listen'],
  config: apiGrpcConfig,
  errors: apiGrpcErrors,
  connector: new URL('./grpc-connector.js', import.meta.url).href,
  main: async () => (await import('./grpc-face.js')).GrpcFace,
})
