import type { CommandContext } from '../../contract/command.js'
import { ClusterProgressSchema, type ClusterProgress } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { jsonOf } from './answer-data.js'

/** Shows the steps of something that takes a while, as they are taken. */
export async function showProgress (
  { terminal, signal }: CommandContext, answers: AsyncIterable<{ readonly progress?: ClusterProgress | undefined }>,
): Promise<void> {
  for await (const { progress } of answers) {
    if (progress === undefined) continue
    const { done, total, sentence } = progress
    terminal.item(total === 0 ? sentence : `${String(done).padStart(String(total).length)}/${total} ${sentence}`,
      jsonOf(ClusterProgressSchema, progress))
  }
  signal.throwIfAborted()
}
